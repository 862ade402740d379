package io.opsproxy.dataplane.config.load;

import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads a configuration that a test writes down: a file's text, variables and flags. */
public final class Loading {
  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> flags = new HashMap<>();
  private byte[] yaml;

  /** A file with these lines. */
  public static Loading yaml(String... lines) {
    return bytes(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  public static Loading bytes(byte[] bytes) {
    Loading loading = new Loading();
    loading.yaml = bytes;
    return loading;
  }

  /** No file. */
  static Loading nothing() {
    return new Loading();
  }

  Loading variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Loading flag(String name, String value) {
    flags.put(name, value);
    return this;
  }

  public LoadResult load() {
    return run(false);
  }

  LoadResult reload() {
    return run(true);
  }

  /** The configuration, which must have no error. */
  public Config config() {
    LoadResult result = load();
    if (result.config().isEmpty()) {
      throw new AssertionError("refused: " + result.problems());
    }
    return result.config().get();
  }

  /**
   * All problems as {@code severity line path: message; remedy}, except the warning about an open
   * mesh, which nearly every test would have.
   */
  public List<String> problems() {
    return load().problems().stream()
        .filter(problem -> !problem.path().equals("mesh.legacy_peers") || problem.line() > 0)
        .map(
            problem ->
                (problem.severity() == Problem.Severity.ERROR ? "error " : "warning ")
                    + (problem.line() > 0 ? problem.line() + " " : "")
                    + problem.path()
                    + ": "
                    + problem.message()
                    + "; "
                    + problem.remedy())
        .toList();
  }

  private LoadResult run(boolean reload) {
    if (yaml == null) {
      return read(Optional.empty(), reload);
    }
    try {
      Path file = Files.createTempFile("config", ".yaml");
      try {
        Files.write(file, yaml);
        return read(Optional.of(file), reload);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("with " + Arrays.toString(yaml), e);
    }
  }

  private LoadResult read(Optional<Path> file, boolean reload) {
    ConfigLoader loader = new ConfigLoader(file, environment, flags);
    return reload ? loader.loadForReload() : loader.load();
  }
}
