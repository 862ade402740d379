package io.opsproxy.dataplane.trust;

import io.opsproxy.dataplane.config.load.ConfigLoader;
import io.opsproxy.dataplane.config.load.LoadResult;
import io.opsproxy.dataplane.config.problem.Strictness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Loads configurations of tests with the files that they name. */
final class TrustFiles {
  private TrustFiles() {}

  /** What a peer makes of a file with these lines below {@code mesh:}. */
  static LoadResult load(Path directory, String... mesh) {
    try {
      Path file =
          Files.writeString(
              directory.resolve("config.yaml"),
              "peer: {bind_addr: \"127.0.0.1:0\"}\nmesh:\n  " + String.join("\n  ", mesh) + "\n");
      return loader(file).load();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ConfigLoader loader(Path file) {
    return new ConfigLoader(
        Optional.of(file), Map.of(), Map.of(), Strictness.USUAL, new CredentialsReader());
  }

  /** The same where nothing may be wrong. */
  static Credentials credentials(Path directory, String... mesh) {
    LoadResult loaded = load(directory, mesh);
    return CredentialsReader.of(loaded)
        .orElseThrow(() -> new AssertionError(loaded.problems().toString()));
  }

  static List<String> problems(Path directory, String... mesh) {
    return load(directory, mesh).problems().stream().map(Object::toString).toList();
  }
}
