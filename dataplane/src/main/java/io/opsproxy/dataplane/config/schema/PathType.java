package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** The path of a file. In a file, a relative one is relative to the file that names it. */
final class PathType extends ValueType<Path> {
  PathType() {
    super("path", "write the path of a file");
  }

  @Override
  public Path parse(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(Quoted.of(text) + ": not a path");
    }
    try {
      return Path.of(text.startsWith("./") ? text.substring(2) : text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(Quoted.of(text) + ": not a path");
    }
  }

  @Override
  public Optional<Path> read(YamlNode node, Source at, String subject, Problems problems) {
    Optional<Path> path = super.read(node, at, subject, problems);
    return path.isPresent() && at.layer() == Source.Layer.FILE
        ? Optional.of(Path.of(at.origin()).resolveSibling(path.get()))
        : path;
  }
}
