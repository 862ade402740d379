package io.opsproxy.operator.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Temporary directories. */
final class Directories {
  private Directories() {}

  /**
   * A new one. Those of JVMs that were killed are removed.
   *
   * @param name short: the path of a Unix socket in it has at most 107 characters
   */
  static Path temporary(String name) throws IOException {
    Path directory = Files.createTempDirectory(name + "-" + ProcessHandle.current().pid() + "-");
    try (Stream<Path> siblings = Files.list(directory.getParent())) {
      for (Path sibling : siblings.toList()) {
        Matcher owner =
            Pattern.compile(name + "-(\\d+)-\\d+").matcher(sibling.getFileName().toString());
        if (owner.matches() && ProcessHandle.of(Long.parseLong(owner.group(1))).isEmpty()) {
          delete(sibling);
        }
      }
    }
    return directory;
  }

  /** Deletes it with all that is in it; links are not followed. */
  static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
