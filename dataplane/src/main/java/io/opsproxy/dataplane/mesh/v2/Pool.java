package io.opsproxy.dataplane.mesh.v2;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Stream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Data connections of one link and one kind that wait for a stream of this side: opened ahead of
 * need, kept on the loop on which they came, the last one first. What is missing is asked for, and
 * who finds none waits for a bounded time. Any thread.
 */
final class Pool {
  /** After so long without what was asked for, it is asked for again. */
  private static final long OVERDUE = TimeUnit.SECONDS.toNanos(5);

  /** Gets more of them. */
  @FunctionalInterface
  interface Supply {
    /**
     * @param count at least 1; each is to {@link Pool#arrived arrive}, or to {@link Pool#didNotCome
     *     not come}
     * @param loop where one is waited for now; null when none is
     */
    void more(int count, EventExecutor loop);
  }

  /** Who waits for one. On its loop. */
  interface Taker {
    void got(DataConnection connection);

    void none(String why);
  }

  private static final class Waiter {
    private final EventExecutor loop;
    private final Taker taker;
    private ScheduledFuture<?> timeout;

    Waiter(EventExecutor loop, Taker taker) {
      this.loop = loop;
      this.taker = taker;
    }
  }

  private final Relay relay;
  private final boolean reusable;
  private final Supply supply;
  private final LongSupplier nanos;
  private final PoolSize size;
  private final Map<EventExecutor, Deque<Parked>> parked = new HashMap<>();
  private final Deque<Waiter> waiting = new ArrayDeque<>();
  private int count;
  private int coming;
  private long askedAt;
  private boolean filled;
  private boolean closed;

  /**
   * @param reusable whether what was taken comes {@link #returned back}, mostly
   * @param nanos a clock that only goes forward
   */
  Pool(Relay relay, boolean reusable, Supply supply, LongSupplier nanos) {
    this.relay = relay;
    this.reusable = reusable;
    this.supply = supply;
    this.nanos = nanos;
    size = new PoolSize(nanos.getAsLong());
  }

  /** Streams will be asked for soon. */
  void fill() {
    int more;
    synchronized (this) {
      filled = true;
      more = missing();
    }
    ask(more, null);
  }

  /** What is to be asked for now; counted as coming already. */
  private int missing() {
    if (closed || !filled) {
      return 0;
    }
    long now = nanos.getAsLong();
    if (coming > 0 && now - askedAt > OVERDUE) {
      coming = 0;
    }
    int wanted = Math.max(size.target(now), waiting.size());
    int more = wanted - count - coming;
    if (more <= 0) {
      return 0;
    }
    coming += more;
    askedAt = now;
    return more;
  }

  private void ask(int more, EventExecutor loop) {
    if (more > 0) {
      supply.more(more, loop);
    }
  }

  /** Asks for one; the taker hears of it in another turn of its loop. On {@code loop}. */
  void take(EventExecutor loop, Duration patience, Taker taker) {
    Parked found;
    Waiter waiter = new Waiter(loop, taker);
    int more;
    synchronized (this) {
      filled = true;
      found = closed ? null : poll(loop);
      if (!reusable || count < PoolSize.LEAST) {
        // of those that come back more are needed only when there are few
        size.opened(nanos.getAsLong());
      }
      if (found == null && !closed) {
        waiter.timeout =
            loop.schedule(
                () ->
                    giveUp(waiter, "no data connection came within " + patience.toMillis() + " ms"),
                patience.toNanos(),
                TimeUnit.NANOSECONDS);
        waiting.add(waiter);
      }
      more = missing();
    }
    if (found != null) {
      give(found, waiter);
    } else if (closed) {
      loop.execute(() -> taker.none("its link was closed"));
    }
    ask(more, loop);
  }

  private void giveUp(Waiter waiter, String why) {
    boolean mine;
    synchronized (this) {
      mine = waiting.remove(waiter);
    }
    if (mine) {
      waiter.taker.none(why);
    }
  }

  private Parked poll(EventExecutor loop) {
    Deque<Parked> near = parked.get(loop);
    Parked found = near == null ? null : near.pollLast();
    for (Deque<Parked> far : parked.values()) {
      if (found == null) {
        found = far.pollLast();
      }
    }
    if (found != null) {
      count--;
    }
    return found;
  }

  private void give(Parked found, Waiter waiter) {
    Stream stream = found.stream();
    OnLoop.run(
        stream.loop(),
        () -> {
          found.leave();
          relay.move(
              stream,
              waiter.loop,
              () -> {
                if (waiter.timeout != null) {
                  waiter.timeout.cancel(false);
                }
                waiter.taker.got(found.connection());
              });
        });
  }

  /** One is there, and has said what it is. On its loop. */
  void arrived(DataConnection connection) {
    synchronized (this) {
      coming = Math.max(0, coming - 1);
    }
    keep(connection);
  }

  /** One that was taken is free again. On its loop. */
  void returned(DataConnection connection) {
    keep(connection);
  }

  private void keep(DataConnection connection) {
    Stream stream = connection.stream();
    Parked one = new Parked(this, connection);
    Waiter waiter;
    boolean unwanted;
    synchronized (this) {
      waiter = waiting.poll();
      unwanted = closed || count >= PoolSize.MOST;
      if (waiter == null && !unwanted) {
        parked.computeIfAbsent(stream.loop(), loop -> new ArrayDeque<>()).add(one);
        count++;
      }
    }
    if (waiter != null) {
      give(one, waiter);
    } else if (unwanted) {
      stream.closeNow();
    } else {
      one.park();
    }
  }

  /** One that was asked for cannot be had. Any thread. */
  void didNotCome(String why) {
    Deque<Waiter> without = new ArrayDeque<>();
    synchronized (this) {
      coming = Math.max(0, coming - 1);
      if (coming == 0) {
        without.addAll(waiting);
        waiting.clear();
      }
    }
    without.forEach(waiter -> tellNone(waiter, why));
  }

  private static void tellNone(Waiter waiter, String why) {
    OnLoop.run(
        waiter.loop,
        () -> {
          waiter.timeout.cancel(false);
          waiter.taker.none(why);
        });
  }

  /** One that was parked is gone; false when it had been taken already. */
  boolean lost(Parked one) {
    synchronized (this) {
      Deque<Parked> near = parked.get(one.stream().loop());
      boolean mine = near != null && near.remove(one);
      if (mine) {
        count--;
      }
      return mine;
    }
  }

  /** One has waited for long; another takes its place where there are few. */
  void aged(Parked one) {
    if (lost(one)) {
      one.stream().close();
      int more;
      synchronized (this) {
        more = missing();
      }
      ask(more, null);
    }
  }

  /** How many are parked. */
  synchronized int size() {
    return count;
  }

  /** Its link is gone: what is parked is closed, who waits hears of it. */
  void close() {
    Deque<Parked> left = new ArrayDeque<>();
    Deque<Waiter> without = new ArrayDeque<>();
    synchronized (this) {
      closed = true;
      parked.values().forEach(left::addAll);
      parked.clear();
      count = 0;
      without.addAll(waiting);
      waiting.clear();
    }
    left.forEach(one -> OnLoop.run(one.stream().loop(), one.stream()::closeNow));
    without.forEach(waiter -> tellNone(waiter, "its link was closed"));
  }
}
