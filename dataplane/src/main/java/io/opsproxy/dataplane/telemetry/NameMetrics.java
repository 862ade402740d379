package io.opsproxy.dataplane.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * The meters of one routing name, looked up once when the route is made, so that a connection costs
 * no look-up. Every open/close pair is a token that ends exactly once: {@link ConnectionMeter},
 * {@link ForwardMeter}.
 */
public final class NameMetrics {
  private final Metrics metrics;
  private final String name;
  private final List<Meter> all = new ArrayList<>();
  private volatile Traffic traffic;
  private final AtomicInteger active = new AtomicInteger();
  private final AtomicInteger activeForwards = new AtomicInteger();
  private final AtomicInteger owners = new AtomicInteger();
  private final AtomicReferenceArray<ProtocolMeters> protocols =
      new AtomicReferenceArray<>(Protocol.values().length);
  private final AtomicReferenceArray<Counter> errors =
      new AtomicReferenceArray<>(ErrorReason.values().length);
  private final AtomicReferenceArray<Counter> forwardErrors =
      new AtomicReferenceArray<>(ErrorReason.values().length);
  private final AtomicReferenceArray<Counter> lazy =
      new AtomicReferenceArray<>(Metric.values().length);
  private boolean forwardsBound;
  private boolean upBound;

  NameMetrics(Metrics metrics, String name) {
    this.metrics = metrics;
    this.name = name;
  }

  /** The name as its label shows it. */
  public String label() {
    return name;
  }

  /** Starts the meters of one client connection. */
  public ConnectionMeter opened(Protocol protocol) {
    return new ConnectionMeter(this, protocol, protocolMeters(protocol));
  }

  /** Starts the meters of one FORWARD that this peer serves. */
  public ForwardMeter forwardStarted() {
    synchronized (all) {
      if (!forwardsBound) {
        forwardsBound = true;
        keep(metrics.gauge(Metric.CLIENT_ACTIVE_FORWARDS, activeForwards::get, name));
      }
    }
    activeForwards.incrementAndGet();
    return new ForwardMeter(this);
  }

  /** Counts a failure that belongs to no open connection or is counted beside it. */
  public void error(ErrorReason reason) {
    once(errors, reason.ordinal(), Metric.PROXY_ERRORS, name, reason.label()).increment();
  }

  /** Counts a FORWARD that was refused or failed. */
  public void forwardFailed(ErrorReason reason) {
    once(forwardErrors, reason.ordinal(), Metric.CLIENT_FORWARDS_FAILED, name, reason.label())
        .increment();
  }

  /** Counts one of the plain per-name counters. */
  public void count(Metric metric) {
    once(lazy, metric.ordinal(), metric, name).increment();
  }

  /** An owner of the name came (+1) or went (-1). */
  public void owners(int change) {
    if (owners.getAndAdd(change) == 0 && change > 0) {
      synchronized (all) {
        if (upBound) {
          return;
        }
        upBound = true;
        keep(metrics.gauge(Metric.CLIENT_UP, () -> owners.get() > 0 ? 1 : 0, name));
      }
    }
  }

  /** Bytes from clients to the name's backends, of connections that run too. */
  public long bytesToUpstream() {
    Traffic now = traffic;
    return now == null ? 0 : (long) now.tx.count();
  }

  /** Bytes from the name's backends to clients. */
  public long bytesToClient() {
    Traffic now = traffic;
    return now == null ? 0 : (long) now.rx.count();
  }

  /** Connections open now. */
  public int active() {
    return active.get();
  }

  void remove() {
    synchronized (all) {
      all.forEach(metrics::remove);
      all.clear();
    }
  }

  private <M extends Meter> M keep(M meter) {
    synchronized (all) {
      if (!all.contains(meter)) {
        all.add(meter);
      }
    }
    return meter;
  }

  private Counter once(
      AtomicReferenceArray<Counter> cells, int index, Metric metric, String... labels) {
    Counter counter = cells.get(index);
    if (counter == null) {
      counter = keep(metrics.counter(metric, labels));
      cells.set(index, counter);
    }
    return counter;
  }

  private ProtocolMeters protocolMeters(Protocol protocol) {
    ProtocolMeters meters = protocols.get(protocol.ordinal());
    if (meters == null) {
      synchronized (all) {
        meters = protocols.get(protocol.ordinal());
        if (meters == null) {
          meters = new ProtocolMeters(protocol);
          protocols.set(protocol.ordinal(), meters);
        }
      }
    }
    return meters;
  }

  /**
   * Made with the first connection: most names of a large mesh see none here, and meters are not
   * small.
   */
  private Traffic traffic() {
    Traffic now = traffic;
    if (now == null) {
      synchronized (all) {
        if (traffic == null) {
          traffic = new Traffic();
        }
        now = traffic;
      }
    }
    return now;
  }

  private final class Traffic {
    private final Counter connections = keep(metrics.counter(Metric.CONNECTIONS, name));
    private final Counter failed = keep(metrics.counter(Metric.CONNECTIONS_FAILED, name));
    private final Counter tx = keep(metrics.counter(Metric.CONNECTIONS_BYTES_TX, name));
    private final Counter rx = keep(metrics.counter(Metric.CONNECTIONS_BYTES_RX, name));
    private final Timer connect = keep(metrics.timer(Metric.CONNECT_SECONDS, name));

    Traffic() {
      keep(metrics.gauge(Metric.CONNECTIONS_ACTIVE, active::get, name));
    }
  }

  private final class ProtocolMeters {
    private final Counter requests;
    private final Counter success;
    private final Counter failed;
    private final LongAdder nanos = new LongAdder();
    private final LongAdder count = new LongAdder();

    ProtocolMeters(Protocol protocol) {
      requests = keep(metrics.counter(Metric.REQUESTS, name, protocol.label()));
      success = keep(metrics.counter(Metric.REQUESTS_SUCCESS, name, protocol.label()));
      failed = keep(metrics.counter(Metric.REQUESTS_FAILED, name, protocol.label()));
      keep(metrics.gauge(Metric.LATENCY_SECONDS, this::mean, name, protocol.label()));
    }

    private double mean() {
      long n = count.sum();
      return n == 0 ? 0 : nanos.sum() / 1e9 / n;
    }
  }

  /** The meters of one client connection. Owned by the connection's event loop. */
  public static final class ConnectionMeter {
    private final NameMetrics owner;
    private final Protocol protocol;
    private final ProtocolMeters meters;
    private final Traffic traffic;
    private final long start = System.nanoTime();
    private boolean done;

    private ConnectionMeter(NameMetrics owner, Protocol protocol, ProtocolMeters meters) {
      this.owner = owner;
      this.protocol = protocol;
      this.meters = meters;
      this.traffic = owner.traffic();
      owner.active.incrementAndGet();
      traffic.connections.increment();
      meters.requests.increment();
    }

    /** What the connection was counted as. */
    public Protocol protocol() {
      return protocol;
    }

    /** The name that it was counted under. */
    public NameMetrics name() {
      return owner;
    }

    /** The upstream is connected. */
    public void connected() {
      traffic.connect.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }

    /** Bytes that have passed since the last call. */
    public void progress(long toUpstream, long toClient) {
      if (toUpstream > 0) {
        traffic.tx.increment(toUpstream);
      }
      if (toClient > 0) {
        traffic.rx.increment(toClient);
      }
    }

    /** Ends well. Calls after the first end change nothing. */
    public void succeeded() {
      if (end()) {
        meters.success.increment();
        meters.nanos.add(System.nanoTime() - start);
        meters.count.increment();
      }
    }

    /** Ends badly, for one reason. Calls after the first end change nothing. */
    public void failed(ErrorReason reason) {
      if (end()) {
        meters.failed.increment();
        traffic.failed.increment();
        owner.error(reason);
      }
    }

    private boolean end() {
      if (done) {
        return false;
      }
      done = true;
      owner.active.decrementAndGet();
      return true;
    }
  }

  /** The meters of one FORWARD that this peer serves. Owned by one event loop. */
  public static final class ForwardMeter {
    private final NameMetrics owner;
    private boolean done;

    private ForwardMeter(NameMetrics owner) {
      this.owner = owner;
    }

    /** Served to the end. */
    public void succeeded() {
      if (end()) {
        owner.count(Metric.CLIENT_FORWARDS);
      }
    }

    /** Could not be served. */
    public void failed(ErrorReason reason) {
      if (end()) {
        owner.forwardFailed(reason);
      }
    }

    private boolean end() {
      if (done) {
        return false;
      }
      done = true;
      owner.activeForwards.decrementAndGet();
      return true;
    }
  }
}
