package io.opsproxy.dataplane.config.model;

import io.opsproxy.dataplane.config.problem.Source;
import java.nio.file.Path;

/**
 * A file that the configuration names, and where it does, so that what is wrong with the file can
 * be told there. Two are equal when they are the same file: a line that moves is no change.
 *
 * @param path resolved against the file that names it
 */
public record NamedFile(Path path, Source at) {
  @Override
  public boolean equals(Object other) {
    return other instanceof NamedFile that && path.equals(that.path);
  }

  @Override
  public int hashCode() {
    return path.hashCode();
  }
}
