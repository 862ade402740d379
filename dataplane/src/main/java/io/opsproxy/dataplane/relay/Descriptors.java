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
 * The file descriptors of this process, and who may have one: each socket has a place here before
 * it is opened, whether it is accepted or dialled, so that no system call ever fails for want of
 * one. A part is kept in reserve for the status pages, logs and reloads. Any thread.
 */
public final class Descriptors {
  private static final Logger log = LoggerFactory.getLogger(Descriptors.class);
  private static final int LARGEST_RESERVE = 256;
  private static final int UNLIMITED = Integer.MAX_VALUE;
  private static final long WARN_EVERY = TimeUnit.MINUTES.toNanos(1);

  private final int limit;
  private final int free;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong lastWarning = new AtomicLong(System.nanoTime() - WARN_EVERY);

  /**
   * @param limit the soft limit of this process
   * @param inUse what the JVM itself has open: class files, logs, selectors
   */
  Descriptors(int limit, int inUse) {
    this.limit = limit;
    this.free = Math.max(2, limit - inUse);
  }

  /** Without a limit. */
  static Descriptors unlimited() {
    return new Descriptors(UNLIMITED, 0);
  }

  /** Reads the limit of this process; without {@code /proc} none is known, and none is enforced. */
  public static Descriptors ofThisProcess() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
        if (line.startsWith("Max open files")) {
          String soft = line.substring("Max open files".length()).trim().split(" ", 2)[0];
          return soft.equals("unlimited")
              ? unlimited()
              : new Descriptors((int) Math.min(UNLIMITED, Long.parseLong(soft)), openNow());
        }
      }
    } catch (IOException | NumberFormatException e) {
      return unlimited();
    }
    return unlimited();
  }

  private static int openNow() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return (int) open.count();
    }
  }

  private int reserve() {
    return Math.min(LARGEST_RESERVE, free / 4);
  }

  /** Sockets that may be open at all. */
  public int mostStreams() {
    return limit == UNLIMITED ? limit : free - reserve() / 2;
  }

  /** Client connections: each may need a second socket for its upstream. */
  public int mostConnections() {
    return limit == UNLIMITED ? limit : Math.max(1, (free - reserve()) / 2);
  }

  /** Places taken now. */
  public int open() {
    return open.get();
  }

  /** Whether there is a place now; another may take it. */
  public boolean hasRoom() {
    return open.get() < mostStreams();
  }

  /**
   * Takes a place, to be given back when the socket is closed.
   *
   * @return false when there is none; a warning says so, at most once a minute
   */
  boolean take() {
    int most = mostStreams();
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
      log.warn(
          "all {} sockets that the limit of {} file descriptors leaves are open: connections are refused; raise the limit (ulimit -n, LimitNOFILE=) or set limits.max_connections",
          most,
          limit);
    }
    return false;
  }

  void giveBack() {
    open.decrementAndGet();
  }
}
