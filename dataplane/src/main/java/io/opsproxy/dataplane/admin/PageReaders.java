package io.opsproxy.dataplane.admin;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * All readers of one server, and what they hold together. Invariant: never more connections than
 * {@link PageLimits#connections}, never more bytes than {@link PageLimits#bytes} unless it is one
 * answer. On the thread of the pages.
 */
final class PageReaders {
  private final PageLimits limits;
  private final Consumer<PageRefusal> refused;
  private final LongSupplier nanos;

  /** The one that has been in its present state longest stands first. */
  private final Set<PageConnection> open = new LinkedHashSet<>();

  private long bytes;
  private int turnedAway;

  PageReaders(PageLimits limits, Consumer<PageRefusal> refused) {
    this(limits, refused, System::nanoTime);
  }

  PageReaders(PageLimits limits, Consumer<PageRefusal> refused, LongSupplier nanos) {
    this.limits = limits;
    this.refused = refused;
    this.nanos = nanos;
  }

  PageLimits limits() {
    return limits;
  }

  long now() {
    return nanos.getAsLong();
  }

  void refused(PageRefusal why) {
    refused.accept(why);
  }

  /**
   * Takes a new connection, for which another one may have to go.
   *
   * @return false when there is no room
   */
  boolean enter(PageConnection connection) {
    if (open.size() >= limits.connections() && !shed(this::idle) && !shed(this::standsStill)) {
      return false;
    }
    open.add(connection);
    return true;
  }

  /**
   * Lets one that found no room stay as long as it takes to tell it so.
   *
   * @return false when too many are being told already
   */
  boolean turnAway(PageConnection connection) {
    if (turnedAway >= limits.connections()) {
      return false;
    }
    turnedAway++;
    connection.onClose(() -> turnedAway--);
    return true;
  }

  /** It changed its state: it is the youngest from now on. */
  void moved(PageConnection connection) {
    if (open.remove(connection)) {
      open.add(connection);
    }
  }

  void left(PageConnection connection) {
    open.remove(connection);
  }

  /**
   * Takes room for an answer, for which others may have to go.
   *
   * @return false when there is none
   */
  boolean reserve(PageConnection asking, long size) {
    while (bytes > 0 && bytes + size > limits.bytes()) {
      if (!shed(other -> other != asking && other.answering() && standsStill(other))) {
        return false;
      }
    }
    bytes += size;
    return true;
  }

  void release(long size) {
    bytes -= size;
  }

  private boolean idle(PageConnection connection) {
    return connection.idle();
  }

  private boolean standsStill(PageConnection connection) {
    return nanos.getAsLong() - connection.since() >= limits.standstill().toNanos();
  }

  private boolean shed(Predicate<PageConnection> which) {
    Optional<PageConnection> first = open.stream().filter(which).findFirst();
    first.ifPresent(
        connection -> {
          refused.accept(PageRefusal.SHED);
          connection.cutOff();
        });
    return first.isPresent();
  }
}
