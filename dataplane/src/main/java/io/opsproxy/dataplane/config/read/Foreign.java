package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.ConfigKeys;
import io.opsproxy.dataplane.config.value.Nearest;
import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.util.List;

/** Files that are something else than a configuration, and are better told so in one sentence. */
public final class Foreign {
  private Foreign() {}

  /**
   * Whether the file is something else, which is reported.
   *
   * @param root null for an empty file
   * @param envoys whether it is one of Envoy's
   */
  public static boolean is(YamlNode root, boolean envoys, Source file, Problems problems) {
    if (!(root instanceof YamlNode.Mapping mapping) || mapping.entries().isEmpty()) {
      return false;
    }
    if (mapping.get("apiVersion") instanceof YamlNode.Scalar
        && mapping.get("kind") instanceof YamlNode.Scalar kind) {
      problems.error(
          file,
          "this is an object of Kubernetes, kind " + Quoted.of(kind.text()),
          "run it with: ops-proxy up -f FILE; or name the configuration of a peer");
      return true;
    }
    if (envoys || knowsAny(mapping)) {
      return false;
    }
    problems.error(
        file,
        "this is no configuration: it has none of the keys that one has at its top",
        "name the configuration of a peer, or an Envoy bootstrap");
    return true;
  }

  /** Misspelt ones count: they are told one by one. */
  private static boolean knowsAny(YamlNode.Mapping mapping) {
    List<String> known =
        ConfigKeys.all().stream()
            .filter(key -> key.section().equals(ConfigKeys.TOP))
            .map(ConfigKey::name)
            .toList();
    return mapping.entries().stream().anyMatch(entry -> Nearest.of(entry.key(), known) != null);
  }
}
