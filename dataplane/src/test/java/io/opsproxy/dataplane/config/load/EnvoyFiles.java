package io.opsproxy.dataplane.config.load;

import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The five files of a user of Envoy, in a directory of their own, to be changed by a test. */
final class EnvoyFiles {
  static final List<String> NAMES =
      List.of("envoy.yaml", "lds.yaml", "cds.yaml", "eds_cluster1.yaml", "eds_cluster2.yaml");

  private final Path directory;
  private final Map<String, String> environment = new HashMap<>();

  EnvoyFiles(Path directory) throws IOException {
    this.directory = directory;
    for (String name : NAMES) {
      try (InputStream in = EnvoyFiles.class.getResourceAsStream("/config/envoy/" + name)) {
        Files.copy(in, directory.resolve(name));
      }
    }
  }

  EnvoyFiles variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  /** Replaces what must occur in the file, everywhere. */
  EnvoyFiles replace(String name, String old, String next) throws IOException {
    String text = Files.readString(path(name));
    if (!text.contains(old)) {
      throw new AssertionError(name + " has no " + old);
    }
    return write(name, text.replace(old, next));
  }

  EnvoyFiles write(String name, String... lines) throws IOException {
    return write(name, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  /** Puts a whole new file in place at once, so that no look sees half of it. */
  EnvoyFiles write(String name, byte[] bytes) throws IOException {
    Path whole = Files.write(directory.resolve("new"), bytes);
    Files.move(whole, path(name), StandardCopyOption.ATOMIC_MOVE);
    return this;
  }

  ConfigLoader loader() {
    return new ConfigLoader(Optional.of(path("envoy.yaml")), environment, Map.of());
  }

  LoadResult load() {
    return loader().loadForReload();
  }

  Config config() {
    LoadResult result = load();
    return result.config().orElseThrow(() -> new AssertionError(result.problems().toString()));
  }

  /** As {@code severity file:line path: message; remedy}. */
  List<String> problems() {
    return problems(null);
  }

  /** Those of one severity; null for both. */
  List<String> problems(Problem.Severity severity) {
    return load().problems().stream()
        .filter(problem -> severity == null || problem.severity() == severity)
        .map(problem -> problem.toString().replace(directory + "/", ""))
        .toList();
  }

  List<String> errors() {
    return problems(Problem.Severity.ERROR);
  }
}
