package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.read.FileSet;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Follows Envoy's config sources to the resources in the files that they name. */
final class EnvoySources {
  private final FileSet files;
  private final Problems problems;
  private boolean incomplete;

  EnvoySources(FileSet files, Problems problems) {
    this.files = files;
    this.problems = problems;
  }

  /**
   * The file that a config source names: {@code path_config_source: {path}}, or the older {@code
   * path}. Empty when it names none, which is reported.
   *
   * @param holder the section that has it
   */
  Optional<Sourced<Path>> path(YamlSection holder, ConfigKey<Void> key) {
    int errors = problems.errors();
    YamlSection source = holder.section(key, "ConfigSource");
    YamlSection current = source.section(EnvoyKeys.PATH_CONFIG_SOURCE, "PathConfigSource");
    Optional<Sourced<Path>> path = current.read(EnvoyKeys.SOURCE_PATH, "");
    if (path.isEmpty()) {
      path = source.read(EnvoyKeys.OLD_PATH, "");
    }
    if (path.isEmpty() && problems.errors() == errors) {
      problems.error(
          source.at(),
          key.name() + " names no file",
          "write path_config_source: {path: FILE}; other sources are not supported");
    }
    return path;
  }

  /** Whether a file could not be understood, so that what it would define is not known. */
  boolean incomplete() {
    return incomplete;
  }

  /** The resources in a file, which must all be of one type; what is not is reported. */
  List<YamlSection> resources(Sourced<Path> path, EnvoyType type) {
    Source file = Source.file(path.value().toString());
    YamlNode written = files.read(path, file);
    if (written == null) {
      return List.of();
    }
    YamlNode root = EnvoySpelling.unify(written, file, problems);
    if (EnvoyOldApi.is(root, file, problems)) {
      incomplete = true;
      return List.of();
    }
    YamlSection response =
        YamlSection.open(EnvoyKeys.RESPONSE, root, file, EnvoyVocabulary.INSTANCE, problems);
    if (root instanceof YamlNode.Mapping && response.node(EnvoyKeys.RESOURCES) == null) {
      problems.error(
          file, "the file has no resources", "write resources: and list them, or resources: []");
    }
    List<YamlSection> resources = new ArrayList<>();
    for (Sourced<YamlNode> item : response.items(EnvoyKeys.RESOURCES)) {
      if (EnvoyType.of(item.value()).filter(found -> found == type).isPresent()) {
        resources.add(
            YamlSection.open(
                type.section(), item.value(), item.at(), EnvoyVocabulary.INSTANCE, problems));
      } else {
        problems.error(
            item.at(),
            "expected a " + type.section() + ", found " + EnvoyType.shown(item.value()),
            "begin it with \"@type\": " + type.url());
      }
    }
    return resources;
  }
}
