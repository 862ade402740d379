package io.opsproxy.dataplane.relay;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Watches all transfers of one event loop with one timer: a connection costs no timer of its own,
 * and an idle loop none at all. A tick reports live byte counts and finds transfers that are past a
 * limit, so limits are kept to within one tick: a quarter of the smallest limit in use, between 20
 * ms and 1 s.
 */
final class TransferClock {
  private static final long SLOWEST_TICK = TimeUnit.SECONDS.toNanos(1);
  private static final long FASTEST_TICK = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * What the clock sees of a transfer. Entries are linked into each other: adding and removing is
   * free of allocation.
   */
  abstract static class Entry {
    private Entry previous;
    private Entry next;
    private long lastTotal;
    private long lastChange;

    /** A measure that changes whenever a byte was taken from one side or delivered to the other. */
    abstract long total();

    /** The limit that holds now, in nanoseconds. */
    abstract long limitNanos();

    /** A tick passed in which bytes moved. */
    abstract void report();

    /** The limit is reached; the entry must remove itself. */
    abstract void expire();
  }

  private final EventExecutor loop;
  private final LongSupplier nanos;
  private final Entry head;
  private long tick = SLOWEST_TICK;
  private ScheduledFuture<?> timer;

  TransferClock(EventExecutor loop, LongSupplier nanos) {
    this.loop = loop;
    this.nanos = nanos;
    head =
        new Entry() {
          @Override
          long total() {
            return 0;
          }

          @Override
          long limitNanos() {
            return Long.MAX_VALUE;
          }

          @Override
          void report() {}

          @Override
          void expire() {}
        };
    head.next = head;
    head.previous = head;
  }

  void add(Entry entry) {
    entry.lastChange = nanos.getAsLong();
    entry.next = head;
    entry.previous = head.previous;
    head.previous.next = entry;
    head.previous = entry;
    long wanted = Math.max(FASTEST_TICK, Math.min(SLOWEST_TICK, entry.limitNanos() / 4));
    if (timer == null || wanted < tick) {
      tick = Math.min(wanted, tick);
      schedule();
    }
  }

  void remove(Entry entry) {
    if (entry.next != null) {
      entry.previous.next = entry.next;
      entry.next.previous = entry.previous;
      entry.next = null;
      entry.previous = null;
    }
  }

  /** The limit of an entry became another one, such as when one side ended. */
  void limitChanged(Entry entry) {
    long wanted = Math.max(FASTEST_TICK, entry.limitNanos() / 4);
    if (wanted < tick) {
      tick = wanted;
      schedule();
    }
  }

  /**
   * One round over all entries. The timer calls it; tests with a clock of their own call it too.
   */
  void tick() {
    long now = nanos.getAsLong();
    Entry entry = head.next;
    while (entry != head) {
      Entry following = entry.next;
      try {
        look(entry, now);
      } catch (RuntimeException e) {
        // one connection's fault: the clock is everybody's, and goes on
        Unexpected.logOnce(e);
      }
      // an expired entry has removed itself, and may have taken its neighbour along
      entry = following.next == null && following != head ? head.next : following;
    }
    timer = null;
    if (head.next == head) {
      tick = SLOWEST_TICK;
    } else {
      schedule();
    }
  }

  private static void look(Entry entry, long now) {
    long total = entry.total();
    if (total != entry.lastTotal) {
      entry.lastTotal = total;
      entry.lastChange = now;
      entry.report();
    } else if (now - entry.lastChange >= entry.limitNanos()) {
      entry.expire();
    }
  }

  private void schedule() {
    if (timer != null) {
      timer.cancel(false);
    }
    timer = loop.schedule(this::tick, tick, TimeUnit.NANOSECONDS);
  }
}
