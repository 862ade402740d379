package io.opsproxy.dataplane.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The budget of file descriptors. A part is kept in reserve for the status pages, logs, reloads and
 * peer links, so that clients can never bring accept to EMFILE.
 *
 * @param limit the soft limit of this process
 */
record FileDescriptors(int limit) {
  private static final int LARGEST_RESERVE = 256;

  /** Reads the limit of this process; without {@code /proc} none is known, and none is enforced. */
  static FileDescriptors ofThisProcess() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
        if (line.startsWith("Max open files")) {
          String soft = line.substring("Max open files".length()).trim().split(" ", 2)[0];
          return new FileDescriptors(
              soft.equals("unlimited")
                  ? Integer.MAX_VALUE
                  : (int) Math.min(Integer.MAX_VALUE, Long.parseLong(soft)));
        }
      }
    } catch (IOException | NumberFormatException e) {
      return new FileDescriptors(Integer.MAX_VALUE);
    }
    return new FileDescriptors(Integer.MAX_VALUE);
  }

  private int reserve() {
    return Math.min(LARGEST_RESERVE, limit / 4);
  }

  /** Sockets that may be open at all; above this an accepted connection is closed unseen. */
  int mostStreams() {
    return limit == Integer.MAX_VALUE ? limit : limit - reserve() / 2;
  }

  /** Client connections: each may need a second socket for its upstream. */
  int mostConnections() {
    return limit == Integer.MAX_VALUE ? limit : Math.max(1, (limit - reserve()) / 2);
  }
}
