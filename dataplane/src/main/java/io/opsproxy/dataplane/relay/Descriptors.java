package io.opsproxy.dataplane.relay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many sockets this process may have, and who may have one: each has a place here before it is
 * opened, whether it is accepted or dialled, so that no system call ever fails for want of a file
 * descriptor, and no allocation for want of memory. A part of the descriptors is kept in reserve
 * for the status pages, logs and reloads. Any thread.
 */
public final class Descriptors {
  private static final Logger log = LoggerFactory.getLogger(Descriptors.class);
  private static final int LARGEST_RESERVE = 256;
  private static final int UNLIMITED = Integer.MAX_VALUE;

  /**
   * Heap of one socket with all that belongs to it, in bytes: measured with 5,000 idle relayed
   * connections, 3.6 KiB for the two sockets of each.
   */
  private static final int HEAP_OF_A_SOCKET = 2048;

  private static final int PART_OF_HEAP = 2;
  private static final int PART_FOR_DIALS = 4;
  private static final long WARN_EVERY = TimeUnit.MINUTES.toNanos(1);

  private final int mostStreams;
  private final int mostConnections;
  private final String reason;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong lastWarning = new AtomicLong(System.nanoTime() - WARN_EVERY);

  /**
   * @param limit the soft limit of this process
   * @param inUse what the JVM itself has open: class files, logs, selectors
   * @param heap the most that the heap may grow to, in bytes; sockets may have half of it
   */
  Descriptors(int limit, int inUse, long heap) {
    int free = Math.max(2, limit - inUse);
    int reserve = Math.min(LARGEST_RESERVE, free / 4);
    int byDescriptors = limit == UNLIMITED ? limit : free - reserve / 2;
    int byHeap = (int) Math.min(UNLIMITED, Math.max(2, heap / PART_OF_HEAP / HEAP_OF_A_SOCKET));
    mostStreams = Math.min(byDescriptors, byHeap);
    mostConnections = Math.max(1, Math.min(free - reserve, byHeap) / 2);
    reason =
        byHeap < byDescriptors
            ? "a heap of " + heap / 1024 / 1024 + " MiB leaves are open; raise it (-Xmx)"
            : "the limit of "
                + limit
                + " file descriptors leaves are open; raise it (ulimit -n, LimitNOFILE=)";
  }

  /**
   * Reads the limits of this process; without {@code /proc} that of descriptors is not known, and
   * not enforced.
   */
  public static Descriptors ofThisProcess() {
    long heap = Runtime.getRuntime().maxMemory();
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
        if (line.startsWith("Max open files")) {
          String soft = line.substring("Max open files".length()).trim().split(" ", 2)[0];
          return soft.equals("unlimited")
              ? new Descriptors(UNLIMITED, 0, heap)
              : new Descriptors((int) Math.min(UNLIMITED, Long.parseLong(soft)), openNow(), heap);
        }
      }
    } catch (IOException | NumberFormatException e) {
      return new Descriptors(UNLIMITED, 0, heap);
    }
    return new Descriptors(UNLIMITED, 0, heap);
  }

  private static int openNow() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return (int) open.count();
    }
  }

  /** Sockets that may be open at all. */
  public int mostStreams() {
    return mostStreams;
  }

  /** Client connections: each may need a second socket for its upstream. */
  public int mostConnections() {
    return mostConnections;
  }

  /** Places taken now. */
  public int open() {
    return open.get();
  }

  /**
   * Takes a place for a socket that is accepted. A quarter of all places is never given to these:
   * who is let in must find a place for its upstream.
   *
   * @return false when there is none
   */
  boolean takeForAccepted() {
    return take(mostStreams - mostStreams / PART_FOR_DIALS);
  }

  /** Whether there is a place now; another may take it. */
  public boolean hasRoom() {
    return open.get() < mostStreams;
  }

  /**
   * Takes a place, to be given back when the socket is closed.
   *
   * @return false when there is none; a warning says so, at most once a minute
   */
  boolean take() {
    return take(mostStreams);
  }

  private boolean take(int most) {
    int now = open.get();
    while (now < most) {
      if (open.compareAndSet(now, now + 1)) {
        return true;
      }
      now = open.get();
    }
    long last = lastWarning.get();
    long time = System.nanoTime();
    if (time - last >= WARN_EVERY && lastWarning.compareAndSet(last, time)) {
      log.warn("connections are refused: all {} sockets that {}", most, reason);
    }
    return false;
  }

  void giveBack() {
    open.decrementAndGet();
  }
}
