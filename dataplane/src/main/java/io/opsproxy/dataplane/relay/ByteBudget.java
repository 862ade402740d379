package io.opsproxy.dataplane.relay;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The one bound on bytes that this process holds for connections that do not flow: first bytes of
 * clients, requests that wait for an upstream, queues of sides that do not read. Heap and direct
 * memory are counted together, and the limit fits into the smaller of the two.
 *
 * <p>Bytes that are there already are always taken, so that a charge never fails and nothing is
 * lost in the middle; reads are kept small enough that what comes beyond the limit is little
 * ({@link #readLimit}). Who goes beyond it makes room: the largest holding of the loop is parted
 * with, of several the one that has been so large for the longest time.
 *
 * <p>The counters may be read on any thread; a {@link Share} belongs to its loop.
 */
public final class ByteBudget {
  /** Longest read, in bytes: the largest lever on the cost of bulk. */
  static final int LARGEST_READ = 256 * 1024;

  /** Shortest read, in bytes; also the longest of a stream that is not joined. */
  static final int SMALLEST_READ = 4 * 1024;

  /** A part of the heap, and of direct memory, which may both be full of other things. */
  private static final int PART_OF_MEMORY = 4;

  /** A part of what a container may have in all. */
  private static final int PART_OF_CONTAINER = 16;

  private static final long LEAST = 2 * 1024 * 1024;

  private final long limit;
  private final AtomicLong used = new AtomicLong();
  private final LongAdder shed = new LongAdder();
  private final List<Share> shares = new CopyOnWriteArrayList<>();

  /**
   * @param limit in bytes, more than 0
   */
  public ByteBudget(long limit) {
    this.limit = limit;
  }

  /**
   * What this process may hold: a quarter of the heap ({@code -Xmx}) or of direct memory ({@code
   * -XX:MaxDirectMemorySize}), whichever is less, and no more than a sixteenth of what its
   * container may have; at least 2 MiB.
   */
  public static ByteBudget ofThisProcess() {
    return new ByteBudget(
        limit(
            Runtime.getRuntime().maxMemory(),
            PlatformDependent.maxDirectMemory(),
            containerLimit(Path.of("/sys/fs/cgroup"))));
  }

  static long limit(long heap, long direct, long container) {
    long part = Math.min(heap, direct) / PART_OF_MEMORY;
    return Math.max(LEAST, Math.min(part, container / PART_OF_CONTAINER));
  }

  /**
   * @return in bytes; {@code Long.MAX_VALUE} where there is none or none is known
   */
  static long containerLimit(Path cgroup) {
    for (String file : List.of("memory.max", "memory/memory.limit_in_bytes")) {
      try {
        List<String> lines = Files.readAllLines(cgroup.resolve(file));
        return lines.isEmpty() || lines.get(0).equals("max")
            ? Long.MAX_VALUE
            : Long.parseLong(lines.get(0).strip());
      } catch (IOException | NumberFormatException e) {
        // of another version of cgroups, or of none
      }
    }
    return Long.MAX_VALUE;
  }

  /** The limit in bytes. */
  public long limit() {
    return limit;
  }

  /** Bytes held now. */
  public long used() {
    return used.get();
  }

  /** Holdings that were parted with because the limit was passed. */
  public long shed() {
    return shed.sum();
  }

  /**
   * Whether so much is held that what can wait should: at half of the limit, requests that wait for
   * their upstream are not read any further.
   */
  public boolean isTight() {
    return used.get() > limit / 2;
  }

  /**
   * How much one read of a joined stream may fetch, in bytes: what the other side does not take of
   * it is held.
   */
  int readLimit() {
    long now = used.get();
    if (now < limit / 4) {
      return LARGEST_READ;
    }
    if (now < limit / 2) {
      return LARGEST_READ / 4;
    }
    return now < limit / 4 * 3 ? LARGEST_READ / 16 : SMALLEST_READ;
  }

  /** The part of a loop, to be made once for each. */
  Share share(EventExecutor loop) {
    Share share = new Share(loop);
    shares.add(share);
    return share;
  }

  /** The holdings of one event loop, by size. On that loop only. */
  public final class Share {
    /** From 2 KiB on, each twice as large as the one before; the last has no bound. */
    private static final int CLASSES = 8;

    private static final int SMALLEST_BITS = 11;
    private final EventExecutor loop;
    private final Holding[] bySize = new Holding[CLASSES];
    private final AtomicBoolean asked = new AtomicBoolean();

    private Share(EventExecutor loop) {
      this.loop = loop;
      for (int i = 0; i < CLASSES; i++) {
        bySize[i] = Holding.ring();
      }
    }

    void charge(Holding holding, int bytes) {
      place(holding, holding.held + bytes);
      if (used.addAndGet(bytes) > limit) {
        relieve(true);
      }
    }

    void release(Holding holding, long bytes) {
      place(holding, holding.held - bytes);
      used.addAndGet(-bytes);
    }

    /** It goes to another loop, or comes from one; what it holds stays counted. */
    void leave(Holding holding) {
      holding.unlink();
    }

    void enter(Holding holding) {
      place(holding, holding.held);
    }

    private void place(Holding holding, long held) {
      int before = sizeClass(holding.held);
      int after = sizeClass(held);
      holding.held = held;
      if (before != after || !holding.isLinked()) {
        holding.unlink();
        if (after >= 0) {
          holding.linkBefore(bySize[after]);
        }
      }
    }

    private int sizeClass(long held) {
      int bits = Long.SIZE - 1 - Long.numberOfLeadingZeros(held | 1);
      return Math.min(CLASSES - 1, bits - SMALLEST_BITS);
    }

    private void relieve(boolean askOthers) {
      while (used.get() > limit) {
        Holding largest = largest();
        if (largest == null) {
          if (askOthers) {
            shares.forEach(Share::askToRelieve);
          }
          return;
        }
        shed.increment();
        largest.letGo();
        largest.shed();
      }
    }

    /** What is over the limit may be held elsewhere. */
    private void askToRelieve() {
      if (!loop.isShuttingDown() && !loop.inEventLoop() && !asked.getAndSet(true)) {
        loop.execute(
            () -> {
              asked.set(false);
              relieve(false);
            });
      }
    }

    private Holding largest() {
      for (int i = CLASSES - 1; i >= 0; i--) {
        Holding first = bySize[i].first();
        if (first != null) {
          return first;
        }
      }
      return null;
    }

    /** For tests: what is held on this loop, smallest first. */
    List<Holding> holdings() {
      List<Holding> all = new ArrayList<>();
      for (Holding ring : bySize) {
        ring.addTo(all);
      }
      return all;
    }
  }
}
