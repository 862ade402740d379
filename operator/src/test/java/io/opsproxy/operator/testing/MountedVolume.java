package io.opsproxy.operator.testing;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A volume of a ConfigMap or Secret as kubelet writes it (its AtomicWriter): the files are in a
 * directory with the time in its name, the link {@code ..data} names that directory, and each file
 * is a link through {@code ..data}. One rename of {@code ..data} changes all files at once. Used by
 * one thread.
 */
final class MountedVolume {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy_MM_dd_HH_mm_ss.nnnnnnnnn", Locale.ROOT);

  private final Path directory;
  private Map<String, byte[]> written;
  private Path current;

  MountedVolume(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /** Puts these files in place of all others; leaves everything alone if they are the same. */
  void write(Map<String, byte[]> files) throws IOException {
    if (written != null && same(written, files)) {
      return;
    }
    Path next =
        Files.createDirectory(
            directory.resolve(".." + LocalDateTime.now(ZoneOffset.UTC).format(TIME)));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(next.resolve(file.getKey()), file.getValue());
    }
    Path link = directory.resolve("..data_tmp");
    Files.createSymbolicLink(link, next.getFileName());
    Files.move(link, directory.resolve("..data"), ATOMIC_MOVE);
    for (String name : files.keySet()) {
      if (!Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(directory.resolve(name), Path.of("..data", name));
      }
    }
    removeLinksBut(files.keySet());
    if (current != null) {
      Directories.delete(current);
    }
    current = next;
    written = files;
  }

  private void removeLinksBut(Set<String> names) throws IOException {
    Set<Path> gone;
    try (Stream<Path> all = Files.list(directory)) {
      gone =
          all.filter(path -> !path.getFileName().toString().startsWith(".."))
              .filter(path -> !names.contains(path.getFileName().toString()))
              .collect(Collectors.toSet());
    }
    for (Path path : gone) {
      Files.delete(path);
    }
  }

  private static boolean same(Map<String, byte[]> one, Map<String, byte[]> other) {
    return one.keySet().equals(other.keySet())
        && one.keySet().stream().allMatch(name -> Arrays.equals(one.get(name), other.get(name)));
  }
}
