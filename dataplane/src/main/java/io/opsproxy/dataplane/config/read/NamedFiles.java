package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.model.NamedFile;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.value.Quoted;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files that the configuration names and that are none themselves, each read once: whatever is made
 * of one is made of the same bytes. They are followed as it is, and are no part of its hash.
 */
public final class NamedFiles {
  private final Map<Path, ConfigFile> contents = new LinkedHashMap<>();
  private final Problems problems;

  public NamedFiles(Problems problems) {
    this.problems = problems;
  }

  /** The text of a file. Empty when it cannot be had, which is reported where it is named. */
  public Optional<String> text(NamedFile file) {
    ConfigFile read = contents.get(file.path());
    Problems own = new Problems();
    Source source = Source.file(file.path().toString());
    if (read == null) {
      read = ConfigFile.read(file.path(), source, own);
      contents.put(file.path(), read);
    }
    if (read.missing()) {
      problems.error(
          file.at(),
          "there is no such file as " + Quoted.of(source.origin()),
          "create it, or name the right one; paths are relative to the file that names them");
      return Optional.empty();
    }
    String text = read.readable() ? read.text(source, own) : null;
    own.inOrder()
        .forEach(
            problem ->
                problems.error(
                    file.at(),
                    Quoted.of(source.origin()) + " is unreadable: " + problem.message(),
                    problem.remedy()));
    if (text == null && own.errors() == 0) {
      problems.error(
          file.at(),
          Quoted.of(source.origin()) + " is unreadable",
          "let the user of this process read it");
    }
    return Optional.ofNullable(text);
  }

  /** All of them, missing ones included. */
  public List<Path> paths() {
    return List.copyOf(contents.keySet());
  }

  /** Tells one state of all of them from the next. */
  public String hash() {
    return ConfigFile.hash(contents.values());
  }
}
