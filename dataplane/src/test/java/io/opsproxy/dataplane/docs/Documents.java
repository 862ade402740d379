package io.opsproxy.dataplane.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The documents of this repository, as files and as text. */
final class Documents {
  private static final Pattern FENCE =
      Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern HEADING = Pattern.compile("^#{1,6} (.+)$", Pattern.MULTILINE);

  private Documents() {}

  /** The directory of the parent pom, found from wherever the tests run. */
  static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("dataplane"))) {
      directory = directory.getParent();
    }
    return directory;
  }

  static Path file(String path) {
    return root().resolve(path);
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All Markdown files: those of the top level, and of the directories for people. */
  static List<Path> all() {
    List<Path> files = new ArrayList<>(below("", 1));
    for (String directory : List.of("docs", "grafana", "bench", "deploy")) {
      files.addAll(below(directory, Integer.MAX_VALUE));
    }
    files.addAll(design());
    return files;
  }

  /** {@code design/*.md} and {@code design/decisions/*.md}. */
  static List<Path> design() {
    return below("design", Integer.MAX_VALUE);
  }

  private static List<Path> below(String directory, int depth) {
    try (Stream<Path> walk = Files.walk(file(directory), depth)) {
      return walk.filter(path -> path.toString().endsWith(".md")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The contents of the fenced blocks of one language; empty for those without one. */
  static List<String> blocks(String text, String language) {
    List<String> blocks = new ArrayList<>();
    Matcher fence = FENCE.matcher(text);
    while (fence.find()) {
      if (fence.group(1).equals(language)) {
        blocks.add(fence.group(2));
      }
    }
    return blocks;
  }

  /** The text without its fenced blocks. */
  static String prose(String text) {
    return FENCE.matcher(text).replaceAll("");
  }

  /** The anchors that GitHub gives to the headings. */
  static List<String> anchors(String text) {
    List<String> anchors = new ArrayList<>();
    Matcher heading = HEADING.matcher(prose(text));
    while (heading.find()) {
      anchors.add(
          heading
              .group(1)
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N} _-]", "")
              .replace(' ', '-'));
    }
    return anchors;
  }
}
