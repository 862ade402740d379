package io.opsproxy.dataplane.proxy;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The connections of one event loop that have not yet said what they are, oldest first. It keeps
 * the absolute deadline of all of them with one timer, and sheds the oldest for a newer one when
 * there are too many: clients that connect and stall can then cost each other their places, and not
 * those of clients that speak.
 */
final class Undecided {

  /** A connection in this state. */
  interface Entry {
    /** The peer of the socket, whatever a PROXY header may say. */
    InetAddress source();

    /** {@code System.nanoTime()} by which it must have decided. */
    long deadline();

    /** Past its deadline; it must leave. */
    void timedOut();

    /** A newer connection needs its place; it must leave. */
    void shed();
  }

  private final EventExecutor loop;
  private final AtomicInteger gauge;
  private final Set<Entry> entries = new LinkedHashSet<>();
  private final Map<InetAddress, Integer> perSource = new HashMap<>();
  private ScheduledFuture<?> timer;
  private long timerAt;

  /** Whether none has an earlier deadline than one that came before it, as is usual. */
  private boolean sorted = true;

  private long lastDeadline;

  /**
   * @param gauge counts the entries of all loops together
   */
  Undecided(EventExecutor loop, AtomicInteger gauge) {
    this.loop = loop;
    this.gauge = gauge;
  }

  /**
   * @param most entries on this loop
   * @param mostPerSource entries of one source address on this loop
   */
  void add(Entry entry, int most, int mostPerSource) {
    if (entries.size() >= most) {
      entries.iterator().next().shed();
    }
    int ofSource = perSource.getOrDefault(entry.source(), 0);
    if (ofSource >= mostPerSource) {
      oldestOf(entry.source()).shed();
      ofSource--;
    }
    perSource.put(entry.source(), ofSource + 1);
    sorted &= entries.isEmpty() || entry.deadline() - lastDeadline >= 0;
    lastDeadline = entry.deadline();
    entries.add(entry);
    gauge.incrementAndGet();
    // a reload that shortens the time holds for new ones at once, whatever older ones were given
    if (timer == null || entry.deadline() - timerAt < 0) {
      schedule(entry.deadline());
    }
  }

  void remove(Entry entry) {
    if (entries.remove(entry)) {
      gauge.decrementAndGet();
      perSource.computeIfPresent(entry.source(), (source, count) -> count == 1 ? null : count - 1);
    }
  }

  private Entry oldestOf(InetAddress source) {
    for (Entry entry : entries) {
      if (entry.source().equals(source)) {
        return entry;
      }
    }
    throw new IllegalStateException("no entry of a source that is counted: " + source);
  }

  private void schedule(long deadline) {
    if (timer != null) {
      timer.cancel(false);
    }
    timerAt = deadline;
    timer =
        loop.schedule(
            this::expire, Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  private void expire() {
    timer = null;
    long now = System.nanoTime();
    List<Entry> late = new ArrayList<>();
    long next = 0;
    boolean more = false;
    for (Entry entry : entries) {
      if (entry.deadline() - now <= 0) {
        late.add(entry);
      } else if (!more || entry.deadline() - next < 0) {
        next = entry.deadline();
        more = true;
        if (sorted) {
          break;
        }
      }
    }
    sorted = !more || sorted;
    late.forEach(
        entry -> {
          remove(entry);
          entry.timedOut();
        });
    if (more && timer == null) {
      schedule(next);
    }
  }
}
