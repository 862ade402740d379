package io.opsproxy.dataplane.config.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The states of the files that one configuration is made of, in their order. */
record FileStates(List<FileState> files) {
  /** Like no states that files can have. */
  static final FileStates UNKNOWN = new FileStates(List.of(FileState.UNKNOWN));

  /** The states now; times as in {@link FileState#of}. */
  static FileStates of(List<Path> paths, long nowMillis) {
    List<FileState> files = new ArrayList<>();
    for (Path path : paths) {
      files.add(FileState.of(path, nowMillis));
    }
    return new FileStates(files);
  }

  /** Whether none of them can have changed. */
  boolean sameAs(FileStates other) {
    if (files.size() != other.files.size()) {
      return false;
    }
    for (int i = 0; i < files.size(); i++) {
      if (!files.get(i).sameAs(other.files.get(i))) {
        return false;
      }
    }
    return true;
  }
}
