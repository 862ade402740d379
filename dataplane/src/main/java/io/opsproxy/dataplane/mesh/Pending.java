package io.opsproxy.dataplane.mesh;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.config.HostName;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.Metrics;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Forwards that this side asked for and that wait for their DATA connection. An id is 128 random
 * bits, belongs to the link that it was sent over, and is good for one connection. Any thread;
 * answers come on the loop that asked.
 */
final class Pending {
  private static final int ID_BYTES = 16;

  /** The answer, once. */
  interface Answer {
    /**
     * @param early bytes that came with the DATA line
     */
    void connected(Stream data, byte[] early);

    void failed(ErrorReason reason, String message);
  }

  /** One forward. */
  final class Forward {
    private final String id;
    private final Link link;
    private final EventExecutor loop;
    private final Answer answer;
    private ScheduledFuture<?> timeout;

    /** On {@code loop}. An answer that is on its way there meanwhile must not arrive. */
    private boolean cancelled;

    private Forward(String id, Link link, EventExecutor loop, Answer answer) {
      this.id = id;
      this.link = link;
      this.loop = loop;
      this.answer = answer;
    }

    /** Gives up; there is no answer after this. On the loop that asked. */
    void cancel() {
      cancelled = true;
      timeout.cancel(false);
      take(id);
    }

    private void fail(ErrorReason reason, String message) {
      if (take(id) == this) {
        loop.execute(
            () -> {
              timeout.cancel(false);
              if (!cancelled) {
                answer.failed(reason, message);
              }
            });
      }
    }
  }

  private final Map<String, Forward> waiting = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private final Metrics metrics;

  Pending(Metrics metrics) {
    this.metrics = metrics;
  }

  /** Asks the peer at the other end of the link for a connection. On {@code loop}. */
  Forward ask(
      Link link,
      HostName name,
      HostPort backend,
      NameMetrics meters,
      EventExecutor loop,
      Duration patience,
      Answer answer) {
    byte[] bits = new byte[ID_BYTES];
    random.nextBytes(bits);
    String id = HexFormat.of().formatHex(bits);
    Forward forward = new Forward(id, link, loop, answer);
    forward.timeout =
        loop.schedule(
            () -> timedOut(forward, meters, patience), patience.toNanos(), TimeUnit.NANOSECONDS);
    waiting.put(id, forward);
    metrics.pendingData().incrementAndGet();
    link.loop()
        .execute(
            () -> {
              if (link.forward(id, name, backend)) {
                meters.count(Metric.FORWARD_COMMANDS);
              } else if (link.state() == Link.State.UP) {
                forward.fail(
                    ErrorReason.FORWARD_WRITE_ERROR,
                    "peer " + link.describe() + " does not read its link");
              } else {
                forward.fail(
                    ErrorReason.REMOTE_NOT_CONNECTED,
                    "the link to peer " + link.describe() + " was lost");
              }
            });
    return forward;
  }

  private void timedOut(Forward forward, NameMetrics meters, Duration patience) {
    if (take(forward.id) == forward) {
      meters.count(Metric.DATA_TIMEOUT);
      forward.answer.failed(
          ErrorReason.DATA_TIMEOUT,
          "peer "
              + forward.link.describe()
              + " opened no DATA connection within "
              + patience.toMillis()
              + " ms");
    }
  }

  private Forward take(String id) {
    Forward forward = waiting.remove(id);
    if (forward != null) {
      metrics.pendingData().decrementAndGet();
    }
    return forward;
  }

  /**
   * A DATA connection came with this id, over the stream of one loop.
   *
   * @return null when nobody waits for it, or when it comes from another host than the peer that
   *     was asked
   */
  Forward match(String id, Stream data) {
    Forward forward = waiting.get(id);
    if (forward == null || !mayAnswer(forward.link, data)) {
      return null;
    }
    return take(id) == forward ? forward : null;
  }

  /**
   * A peer that dialled us comes with DATA from where it dialled. One that we dialled may have
   * several addresses, of which we know the one that we reached; there the id alone must do.
   */
  private static boolean mayAnswer(Link link, Stream data) {
    return link instanceof DialledLink || link.source().equals(data.remoteAddress().getAddress());
  }

  /** Hands the DATA connection, which is on the forward's loop now, to who asked. */
  void deliver(Forward forward, Stream data, byte[] early) {
    forward.timeout.cancel(false);
    if (forward.cancelled) {
      data.abort();
    } else {
      forward.answer.connected(data, early);
    }
  }

  EventExecutor loopOf(Forward forward) {
    return forward.loop;
  }

  /** The peer says that it cannot serve a forward. Only the link that was asked may say so. */
  void failed(Link link, String id, String reason) {
    Forward forward = waiting.get(id);
    if (forward != null && forward.link == link) {
      forward.fail(ErrorReason.BACKEND_DIAL_ERROR, "peer " + link.describe() + ": " + reason);
    }
  }

  /** Everything that waits for this link fails at once. */
  void linkLost(Link link) {
    for (Forward forward : waiting.values()) {
      if (forward.link == link) {
        forward.fail(
            ErrorReason.REMOTE_NOT_CONNECTED, "the link to peer " + link.describe() + " was lost");
      }
    }
  }

  int size() {
    return waiting.size();
  }
}
