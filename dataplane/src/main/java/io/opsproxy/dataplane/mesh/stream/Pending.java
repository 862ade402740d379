package io.opsproxy.dataplane.mesh.stream;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.Metrics;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Streams that peers were asked to bring, and that have not come yet. An id is 128 random bits,
 * belongs to the peer that was asked over one link, and is good for one stream. Any thread; answers
 * come on the loop that asked.
 */
public final class Pending {
  private static final int ID_BYTES = 16;

  /** A peer, as linked once, that brings streams when it is asked to. */
  public interface Bringer {
    /** Where it can be asked. */
    EventExecutor loop();

    /** Asks it for a stream to what it serves under this name. On {@link #loop}. */
    Asked ask(String id, HostName name);

    /** Whether a stream that comes from this address may be its. Any thread. */
    boolean mayComeFrom(InetAddress source);

    /** A stream of its has come. Any thread. */
    void answered();

    /** A stream that it was asked for has not come in time. Any thread. */
    void timedOut();

    /** The peer, for messages. Any thread. */
    String describe();
  }

  /** What became of a question. */
  public enum Asked {
    SENT,
    /** Its peer does not read. */
    STUCK,
    LOST
  }

  /** One stream that is waited for. */
  public final class Awaited implements DataSource.Request {
    private final String id;
    private final Bringer bringer;
    private final EventExecutor loop;
    private final DataSource.Answer answer;
    private ScheduledFuture<?> timeout;

    /** On {@code loop}. An answer that is on its way there meanwhile must not arrive. */
    private boolean cancelled;

    private Awaited(String id, Bringer bringer, EventExecutor loop, DataSource.Answer answer) {
      this.id = id;
      this.bringer = bringer;
      this.loop = loop;
      this.answer = answer;
    }

    @Override
    public void cancel() {
      assert loop.inEventLoop();
      cancelled = true;
      timeout.cancel(false);
      take(id);
    }

    /** Where the stream is wanted. */
    public EventExecutor loop() {
      return loop;
    }

    /** Hands the stream, which is on {@link #loop} now, to who asked. */
    public void deliver(Stream data, byte[] early) {
      assert loop.inEventLoop();
      timeout.cancel(false);
      if (cancelled) {
        data.abort();
      } else {
        answer.connected(new DataSource.Brought(data, early, 0, () -> {}));
      }
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

  private final Map<String, Awaited> waiting = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private final Metrics metrics;

  public Pending(Metrics metrics) {
    this.metrics = metrics;
  }

  /** Asks a peer for a stream. On {@code loop}. */
  public Awaited ask(
      Bringer bringer,
      HostName name,
      NameMetrics meters,
      EventExecutor loop,
      Duration patience,
      DataSource.Answer answer) {
    assert loop.inEventLoop();
    byte[] bits = new byte[ID_BYTES];
    random.nextBytes(bits);
    String id = HexFormat.of().formatHex(bits);
    Awaited awaited = new Awaited(id, bringer, loop, answer);
    awaited.timeout =
        loop.schedule(
            () -> timedOut(awaited, meters, patience), patience.toNanos(), TimeUnit.NANOSECONDS);
    waiting.put(id, awaited);
    metrics.pendingData().incrementAndGet();
    bringer.loop().execute(() -> ask(awaited, name, meters));
    return awaited;
  }

  private static void ask(Awaited awaited, HostName name, NameMetrics meters) {
    switch (awaited.bringer.ask(awaited.id, name)) {
      case SENT -> meters.count(Metric.FORWARD_COMMANDS);
      case STUCK ->
          awaited.fail(
              ErrorReason.FORWARD_WRITE_ERROR,
              "peer " + awaited.bringer.describe() + " does not read its link");
      case LOST -> awaited.fail(ErrorReason.REMOTE_NOT_CONNECTED, isLost(awaited.bringer));
    }
  }

  private static String isLost(Bringer bringer) {
    return "the link to peer " + bringer.describe() + " was lost";
  }

  private void timedOut(Awaited awaited, NameMetrics meters, Duration patience) {
    if (take(awaited.id) == awaited) {
      meters.count(Metric.DATA_TIMEOUT);
      awaited.bringer.timedOut();
      awaited.answer.failed(
          ErrorReason.DATA_TIMEOUT,
          "peer "
              + awaited.bringer.describe()
              + " opened no DATA connection within "
              + patience.toMillis()
              + " ms");
    }
  }

  private Awaited take(String id) {
    Awaited awaited = waiting.remove(id);
    if (awaited != null) {
      metrics.pendingData().decrementAndGet();
    }
    return awaited;
  }

  /**
   * A stream came with this id.
   *
   * @param source where it came from
   * @return null when nobody waits for it, or when the peer that was asked is not there
   */
  public Awaited match(String id, InetAddress source) {
    Awaited awaited = waiting.get(id);
    if (awaited == null || !awaited.bringer.mayComeFrom(source)) {
      return null;
    }
    if (take(id) != awaited) {
      return null;
    }
    awaited.bringer.answered();
    return awaited;
  }

  /** The peer says that it cannot bring a stream. Only the one that was asked may say so. */
  public void failed(Bringer bringer, String id, ErrorReason reason, String why) {
    Awaited awaited = waiting.get(id);
    if (awaited != null && awaited.bringer == bringer) {
      awaited.fail(reason, "peer " + bringer.describe() + ": " + why);
    }
  }

  /** Everything that this peer was to bring over its link fails at once. */
  public void lost(Bringer bringer) {
    for (Awaited awaited : waiting.values()) {
      if (awaited.bringer == bringer) {
        awaited.fail(ErrorReason.REMOTE_NOT_CONNECTED, isLost(bringer));
      }
    }
  }

  /** How many are waited for. */
  public int size() {
    return waiting.size();
  }
}
