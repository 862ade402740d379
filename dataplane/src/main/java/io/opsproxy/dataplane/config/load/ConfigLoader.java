package io.opsproxy.dataplane.config.load;

import io.opsproxy.dataplane.config.envoy.EnvoyBootstrap;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.problem.Strictness;
import io.opsproxy.dataplane.config.read.ConfigBuilder;
import io.opsproxy.dataplane.config.read.ConfigFile;
import io.opsproxy.dataplane.config.read.FileSet;
import io.opsproxy.dataplane.config.read.Foreign;
import io.opsproxy.dataplane.config.read.NamedFiles;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.ConfigKeys;
import io.opsproxy.dataplane.config.schema.MeshKeys;
import io.opsproxy.dataplane.config.schema.PeerKeys;
import io.opsproxy.dataplane.config.schema.Settings;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import io.opsproxy.dataplane.config.yaml.YamlParser;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the configuration from its file, the environment and the flags; the file is the peer's own
 * or an Envoy bootstrap, which may name further files. Each call reads them anew; bad configuration
 * is never an exception but a list of problems. Thread-safe.
 */
public final class ConfigLoader {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigLoader.class);
  private final Optional<Path> file;
  private final Map<String, String> environment;
  private final Map<String, String> flags;
  private final Strictness strictness;
  private final Companion companion;

  /**
   * @param file the configuration file, if there is one
   * @param environment variables by name; {@code System.getenv()}
   * @param flags values of the flags that were given, by the spelling that their {@link ConfigKey}
   *     has, such as {@code --bind-addr}
   */
  public ConfigLoader(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    this(file, environment, flags, Strictness.USUAL);
  }

  /**
   * @param strictness what unknown keys of the files are
   */
  public ConfigLoader(
      Optional<Path> file,
      Map<String, String> environment,
      Map<String, String> flags,
      Strictness strictness) {
    this(file, environment, flags, strictness, Companion.NONE);
  }

  /**
   * @param companion reads the files that are no configuration
   */
  public ConfigLoader(
      Optional<Path> file,
      Map<String, String> environment,
      Map<String, String> flags,
      Strictness strictness,
      Companion companion) {
    this.strictness = strictness;
    this.companion = companion;
    this.file = file;
    this.environment = Map.copyOf(environment);
    this.flags = new TreeMap<>(flags);
  }

  /** The file that is read, if any. */
  public Optional<Path> file() {
    return file;
  }

  /**
   * Reads for the start of a peer. A missing file is an error: whoever names one means it; an empty
   * one is a warning, because variables may configure everything.
   */
  public LoadResult load() {
    return load(false);
  }

  /**
   * Reads for a peer that is running: a missing or empty file is an error, because an editor or a
   * deployment has gone wrong and the configuration in force is better than none.
   */
  public LoadResult loadForReload() {
    return load(true);
  }

  /**
   * What a running peer would make of a peer's own file with this text, in an empty environment.
   *
   * @param origin what problems name as the file
   */
  public static LoadResult check(String text, String origin) {
    Problems problems = new Problems();
    Source file = Source.file(origin);
    ConfigFile contents = ConfigFile.of(text);
    YamlNode root = parse(contents, file, true, problems);
    Config config =
        new ConfigLoader(Optional.empty(), Map.of(), Map.of()).bind(root, file, true, problems);
    return new LoadResult(
        problems.errors() == 0 ? Optional.of(config) : Optional.empty(),
        contents.hash(),
        origin,
        problems.inOrder(),
        List.of());
  }

  /** Whatever goes wrong is a problem of this configuration, and not of whoever asks for it. */
  private LoadResult load(boolean reload) {
    try {
      return read(reload);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("reading the configuration failed", e);
      Problems problems = new Problems();
      Source origin = Source.file(file.map(Path::toString).orElse(""));
      problems.error(
          origin,
          "could not be read: " + e,
          "the log has more; this is a mistake of this program, please report it");
      List<Path> files = file.map(List::of).orElse(List.of());
      return new LoadResult(
          Optional.empty(), FileSet.hashOf(files), origin.origin(), problems.inOrder(), files);
    }
  }

  private LoadResult read(boolean reload) {
    Problems problems = new Problems(strictness);
    Source origin = Source.file(file.isPresent() ? file.get().toString() : "");
    FileSet files = new FileSet(problems, reload);
    YamlNode root = null;
    if (file.isPresent()) {
      root = parse(files.main(file.get(), origin), origin, reload, problems);
    }
    Config config =
        EnvoyBootstrap.matches(root)
            ? bindEnvoy(root, origin, files, problems)
            : bind(root, origin, reload, problems);
    NamedFiles named = new NamedFiles(problems);
    Optional<Companion.Product> product = companion.read(config, named, problems);
    boolean valid = problems.errors() == 0;
    return new LoadResult(
        valid ? Optional.of(config) : Optional.empty(),
        files.hash(),
        origin.origin(),
        problems.inOrder(),
        files.paths(),
        named.paths(),
        named.hash(),
        valid ? product : Optional.empty());
  }

  private static YamlNode parse(
      ConfigFile contents, Source origin, boolean reload, Problems problems) {
    if (contents.missing()) {
      problems.error(
          origin,
          "there is no such file",
          reload ? "put the file back" : "check --config.file, or leave it out");
      return null;
    }
    String text = problems.errors() == 0 ? contents.text(origin, problems) : null;
    YamlNode root = text == null ? null : YamlParser.parse(text, origin, problems);
    if (root == null && problems.errors() == 0) {
      if (reload) {
        problems.error(origin, "the file is empty", "write the configuration into it");
      } else {
        problems.warning(
            origin, "the file is empty; variables, flags and defaults apply", "write into it");
      }
    }
    return Foreign.is(root, EnvoyBootstrap.matches(root), origin, problems) ? null : root;
  }

  private Config bind(YamlNode root, Source origin, boolean reload, Problems problems) {
    YamlSection top = YamlSection.open(ConfigKeys.TOP, root, origin, problems);
    Settings settings = new Settings(problems);
    YamlSection peer = top;
    YamlSection mesh = top;
    for (ConfigKey<?> key : ConfigKeys.PLAIN_SECTIONS) {
      YamlSection section = YamlSection.open(key.name(), top.node(key), top.at(key), problems);
      settings.readSection(section, key.name());
      if (key.name().equals(PeerKeys.PEER)) {
        peer = section;
      } else if (key.name().equals(MeshKeys.SECTION)) {
        mesh = section;
        settings.readSection(
            mesh.section(MeshKeys.IDENTITY, MeshKeys.IDENTITY_SECTION), MeshKeys.IDENTITY_SECTION);
      }
    }
    readOverrides(settings);
    ConfigBuilder builder = new ConfigBuilder(settings, environment, problems);
    Config config = builder.build(top, peer, mesh);
    if (!reload) {
      builder.warnOfOpenMesh();
    }
    return config;
  }

  /** Routing comes from Envoy's files, everything else from variables, flags and defaults. */
  private Config bindEnvoy(YamlNode root, Source origin, FileSet files, Problems problems) {
    Settings settings = new Settings(problems);
    readOverrides(settings);
    return new ConfigBuilder(settings, environment, problems)
        .assemble(new EnvoyBootstrap(settings, files, problems).read(root, origin), null);
  }

  private void readOverrides(Settings settings) {
    settings.readEnvironment(environment);
    settings.readFlags(flags);
  }
}
