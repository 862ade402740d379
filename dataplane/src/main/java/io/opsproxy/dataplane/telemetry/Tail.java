package io.opsproxy.dataplane.telemetry;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Connections as they open and close, for whoever looks on: the last {@value #MOST} events, kept
 * only while somebody has asked within the last 10 s. Readers hold nothing here; one that comes too
 * late is told how many it has missed. While nobody looks on, a connection pays for one volatile
 * read. Any thread.
 */
public final class Tail {
  static final int MOST = 1024;
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  /**
   * A connection was connected, or is over.
   *
   * @param number of the event, from 1
   * @param open whether it was connected; else it is over, connected before or not
   */
  public record Event(long number, boolean open, Instant time, Snapshot connection) {}

  /**
   * What is known of a connection at that time; texts are empty where something is not known.
   *
   * @param id the same at every peer that it passes
   * @param name that the client asked for
   * @param rule that routed it
   * @param upstream what was connected: an endpoint, or a peer
   * @param received bytes taken from the client
   * @param sent bytes given to it
   * @param flags Envoy's short flags
   * @param reason how it ended, where it did not end well
   */
  public record Snapshot(
      String id,
      String name,
      String rule,
      String client,
      String upstream,
      long received,
      long sent,
      long durationMillis,
      String flags,
      String reason) {}

  /**
   * What there is for a reader.
   *
   * @param next to be asked for next
   * @param lost events that it comes too late for
   */
  public record Excerpt(long next, long lost, List<Event> events) {
    public Excerpt {
      events = List.copyOf(events);
    }
  }

  private final LongSupplier nanos;
  private final Deque<Event> events = new ArrayDeque<>();
  private long last;
  private long askedAt;
  private volatile boolean followed;

  /**
   * @param nanos a clock that only goes forward
   */
  public Tail(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Whether somebody looks on. */
  public boolean isFollowed() {
    return followed && !isLeft();
  }

  private synchronized boolean isLeft() {
    if (nanos.getAsLong() - askedAt > PATIENCE) {
      followed = false;
      events.clear();
    }
    return !followed;
  }

  /** A connection was connected. */
  public void opened(Instant time, Snapshot connection) {
    add(true, time, connection);
  }

  /** A connection is over. */
  public void closed(Instant time, Snapshot connection) {
    add(false, time, connection);
  }

  private synchronized void add(boolean open, Instant time, Snapshot connection) {
    if (events.size() == MOST) {
      events.poll();
    }
    events.add(new Event(++last, open, time, connection));
  }

  /** From now on. */
  public synchronized Excerpt begin() {
    look();
    return new Excerpt(last + 1, 0, List.of());
  }

  /**
   * What has come since.
   *
   * @param next as it was told last
   * @param name only connections that ask for it, or were routed by it; empty: all
   */
  public synchronized Excerpt read(long next, String name) {
    look();
    long oldest = events.isEmpty() ? last + 1 : events.peek().number();
    long lost = next > last + 1 ? 0 : Math.max(0, oldest - next);
    List<Event> found = new ArrayList<>();
    for (Event event : events) {
      if (event.number() >= next && isAbout(event, name)) {
        found.add(event);
      }
    }
    return new Excerpt(last + 1, lost, found);
  }

  private void look() {
    askedAt = nanos.getAsLong();
    followed = true;
  }

  private static boolean isAbout(Event event, String name) {
    return name.isEmpty()
        || name.equals(event.connection().name())
        || name.equals(event.connection().rule());
  }
}
