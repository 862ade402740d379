package io.opsproxy.dataplane.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The budget of file descriptors. A part is kept in reserve for the status pages, logs, reloads and
 * peer links, so that clients can never bring accept to EMFILE.
 *
 * @param limit the soft limit of this process
 * @param inUse what the JVM itself has open: class files, logs, selectors
 */
record FileDescriptors(int limit, int inUse) {
  private static final FileDescriptors UNKNOWN = new FileDescriptors(Integer.MAX_VALUE, 0);
  private static final int LARGEST_RESERVE = 256;

  /** Reads the limit of this process; without {@code /proc} none is known, and none is enforced. */
  static FileDescriptors ofThisProcess() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
        if (line.startsWith("Max open files")) {
          String soft = line.substring("Max open files".length()).trim().split(" ", 2)[0];
          return soft.equals("unlimited")
              ? UNKNOWN
              : new FileDescriptors(
                  (int) Math.min(Integer.MAX_VALUE, Long.parseLong(soft)), openNow());
        }
      }
    } catch (IOException | NumberFormatException e) {
      return UNKNOWN;
    }
    return UNKNOWN;
  }

  private static int openNow() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return (int) open.count();
    }
  }

  private int free() {
    return Math.max(2, limit - inUse);
  }

  private int reserve() {
    return Math.min(LARGEST_RESERVE, free() / 4);
  }

  /** Sockets that may be open at all; above this an accepted connection is closed unseen. */
  int mostStreams() {
    return limit == Integer.MAX_VALUE ? limit : free() - reserve() / 2;
  }

  /** Client connections: each may need a second socket for its upstream. */
  int mostConnections() {
    return limit == Integer.MAX_VALUE ? limit : Math.max(1, (free() - reserve()) / 2);
  }
}
