package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.AccessRecord;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.StreamId;
import io.opsproxy.dataplane.telemetry.Tail;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Collects what the access log and those who look on ({@link Tail}) hear of one connection: of a
 * client, or of a stream that another peer brings. Does nothing where nobody wants to know. On the
 * connection's event loop.
 */
public final class ConnectionLog {
  private static final AtomicLong CONNECTIONS = new AtomicLong();
  private final AccessLogs logs;
  private final Tail tail;
  private final String listener;
  private final AccessRecord entry;
  private final long start = System.nanoTime();
  private String id;

  /**
   * @param id what another peer calls the connection; null where it begins here
   */
  ConnectionLog(AccessLogs logs, Tail tail, String listener, String id) {
    this.logs = logs;
    this.tail = tail;
    this.listener = listener;
    this.id = id;
    if (logs.wanted(listener) || tail.isFollowed()) {
      entry = new AccessRecord();
      entry.start = Instant.now();
      entry.connectionId = CONNECTIONS.incrementAndGet();
      entry.streamId = id();
    } else {
      entry = null;
    }
  }

  /** What the connection is called at every peer that it passes. */
  public String id() {
    if (id == null) {
      id = StreamId.next();
    }
    return id;
  }

  /** The socket that it came over. */
  public void arrived(Stream stream) {
    if (entry != null) {
      entry.directRemote = stream.remoteAddress();
      entry.remote = entry.directRemote;
      entry.local = stream.localAddress();
    }
  }

  /**
   * Of a stream that another peer brings.
   *
   * @param client as the first peer saw it; empty where that is not told
   * @param name that routed it
   */
  public void brought(Optional<InetSocketAddress> client, HostName name) {
    if (entry != null) {
      client.ifPresent(address -> entry.remote = address);
      entry.requestedName = name.value();
      entry.cluster = name.value();
    }
  }

  void routed(Route route) {
    if (entry != null) {
      known(route.facts());
      entry.cluster = route.rule();
    }
  }

  void known(ConnectionFacts facts) {
    if (entry != null) {
      entry.remote = facts.source();
      entry.requestedName = facts.name().map(Object::toString).orElse(null);
    }
  }

  /** What it leads to is connected. */
  public void connected(Upstream.Connection upstream) {
    if (entry != null) {
      entry.upstream = upstream.description();
      entry.upstreamRemote = upstream.stream().remoteAddress();
      entry.upstreamHost = entry.upstreamRemote;
      entry.upstreamLocal = upstream.stream().localAddress();
      if (tail.isFollowed()) {
        tail.opened(Instant.now(), snapshot());
      }
    }
  }

  /** No upstream could be connected. */
  public void notConnected(Upstream.Failure failure) {
    if (entry != null) {
      entry.upstreamHost = failure.lastTried().orElse(null);
    }
  }

  /** Bytes went on. */
  public void progress(long toUpstream, long toClient) {
    if (entry != null) {
      entry.bytesReceived += toUpstream;
      entry.bytesSent += toClient;
    }
  }

  /** It did not end well; the first cause counts. */
  public void failed(ErrorReason reason, String detail) {
    if (entry != null && entry.flags.isEmpty()) {
      entry.flags = flag(reason);
      entry.termination = detail;
      if (entry.cluster != null) {
        entry.upstreamFailure = detail;
      }
    }
  }

  /** It is over. */
  public void written() {
    if (entry != null) {
      entry.durationMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      if (tail.isFollowed()) {
        tail.closed(Instant.now(), snapshot());
      }
      logs.log(listener, entry);
    }
  }

  private Tail.Snapshot snapshot() {
    return new Tail.Snapshot(
        entry.streamId,
        text(entry.requestedName),
        text(entry.cluster),
        entry.remote == null ? "" : BindAddress.text(entry.remote),
        text(entry.upstream),
        entry.bytesReceived,
        entry.bytesSent,
        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
        entry.flags,
        text(entry.termination));
  }

  private static String text(String text) {
    return text == null ? "" : text;
  }

  /** Envoy's flags where it has one for the case (data-plane: UH UF UO NR URX NC), else our own. */
  private static String flag(ErrorReason reason) {
    return switch (reason) {
      case NO_CLIENT, CONNECT_DENIED -> "NR";
      case REMOTE_NOT_CONNECTED, NO_HEALTHY_ENDPOINT -> "UH";
      // Envoy: the last connect failed, and no further attempt is left
      case BACKEND_DIAL_ERROR -> "UF,URX";
      case FORWARD_WRITE_ERROR, FORWARD_REFUSED, DATA_DIAL_ERROR, EMPTY_BACKEND -> "UF";
      case DATA_TIMEOUT -> "UT";
      case BACKEND_IO_ERROR, DATA_IO_ERROR, DATA_HEADER_ERROR -> "UC";
      case LIMIT, SHED, MEMORY -> "UO";
      case DETECT_TIMEOUT -> "DI";
      case CLIENT_GONE -> "DC";
      case MALFORMED, PROXY_HEADER_DENIED, PEER_DENIED -> "DPE";
    };
  }
}
