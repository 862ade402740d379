package io.opsproxy.operator.local;

import io.opsproxy.operator.render.Rendered.PodConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** The directory of one peer: what a pod would mount. */
final class PeerFiles {
  private static final String CONFIG = "config.yaml";

  private final Path directory;

  PeerFiles(Path directory) {
    this.directory = directory;
  }

  Path config() {
    return directory.resolve(CONFIG);
  }

  /**
   * Writes what has changed; the configuration last, and whole, so that it finds all it names.
   *
   * @param identity files of the peer's certificate and key, by name; empty without one
   */
  void write(PodConfig config, Map<String, String> identity) throws IOException {
    Files.createDirectories(directory);
    for (Map.Entry<String, String> file : identity.entrySet()) {
      put(directory.resolve(file.getKey()), file.getValue());
    }
    for (Map.Entry<String, String> file : config.files().entrySet()) {
      put(directory.resolve(file.getKey()), file.getValue());
    }
    put(config(), config.yaml());
    try (DirectoryStream<Path> present = Files.newDirectoryStream(directory)) {
      for (Path file : present) {
        String name = file.getFileName().toString();
        if (!name.equals(CONFIG)
            && !config.files().containsKey(name)
            && !identity.containsKey(name)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static void put(Path file, String text) throws IOException {
    if (Files.exists(file) && Files.readString(file).equals(text)) {
      return;
    }
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    Files.writeString(fresh, text, StandardCharsets.UTF_8);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  void delete() {
    try (DirectoryStream<Path> present = Files.newDirectoryStream(directory)) {
      for (Path file : present) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      // It lies in a directory that goes with us.
    }
  }
}
