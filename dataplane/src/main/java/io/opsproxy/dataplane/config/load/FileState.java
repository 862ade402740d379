package io.opsproxy.dataplane.config.load;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.read.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;

/**
 * What tells one content of a file from the next without reading it. The real path changes when
 * Kubernetes swaps its {@code ..data} link, the file key (inode) when another file is renamed over
 * it, size and time when it is written in place.
 *
 * @param realPath null when there is no file
 * @param fileKey null where the file system has none
 * @param contentHash read only while the file is young, else empty: a second write within one tick
 *     of the file system's clock, of the same size, shows nowhere else
 */
record FileState(Path realPath, Object fileKey, long size, FileTime modified, String contentHash) {
  private static final long YOUNG_MILLIS = 3_000;
  private static final FileState ABSENT = new FileState(null, null, 0, FileTime.fromMillis(0), "");

  /** Like no state that a file can have. */
  static final FileState UNKNOWN = new FileState(null, null, -1, FileTime.fromMillis(0), "");

  /**
   * The state of the file now; a file that cannot be looked at is absent.
   *
   * @param nowMillis the wall clock, which file times are compared with
   */
  static FileState of(Path path, long nowMillis) {
    try {
      Path real = path.toRealPath();
      BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
      FileTime modified = attributes.lastModifiedTime();
      boolean young = Math.abs(nowMillis - modified.toMillis()) < YOUNG_MILLIS;
      return new FileState(
          real,
          attributes.fileKey(),
          attributes.size(),
          modified,
          young ? ConfigFile.read(real, Source.file(""), new Problems()).hash() : "");
    } catch (IOException e) {
      return ABSENT;
    }
  }

  /** Whether the two can be the same content; an unread content is no difference. */
  boolean sameAs(FileState other) {
    boolean sameContent =
        contentHash.isEmpty()
            || other.contentHash.isEmpty()
            || contentHash.equals(other.contentHash);
    return sameContent
        && size == other.size
        && modified.equals(other.modified)
        && Objects.equals(realPath, other.realPath)
        && Objects.equals(fileKey, other.fileKey);
  }
}
