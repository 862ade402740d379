package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.AccessRecord;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Collects what the access log says of one session; does nothing where nobody logs. On the
 * session's event loop.
 */
final class SessionLog {
  private static final AtomicLong CONNECTIONS = new AtomicLong();
  private final AccessLogs logs;
  private final String listener;
  private final AccessRecord entry;
  private final long start = System.nanoTime();

  SessionLog(AccessLogs logs, String listener, Stream client) {
    this.logs = logs;
    this.listener = listener;
    if (logs.wanted(listener)) {
      entry = new AccessRecord();
      entry.start = Instant.now();
      entry.connectionId = CONNECTIONS.incrementAndGet();
      entry.directRemote = client.remoteAddress();
      entry.remote = entry.directRemote;
      entry.local = client.localAddress();
    } else {
      entry = null;
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

  void connected(Upstream.Connection upstream) {
    if (entry != null) {
      entry.upstreamRemote = upstream.stream().remoteAddress();
      entry.upstreamHost = entry.upstreamRemote;
      entry.upstreamLocal = upstream.stream().localAddress();
    }
  }

  /** No upstream could be connected. */
  void notConnected(Upstream.Failure failure) {
    if (entry != null) {
      entry.upstreamHost = failure.lastTried().orElse(null);
    }
  }

  void progress(long toUpstream, long toClient) {
    if (entry != null) {
      entry.bytesReceived += toUpstream;
      entry.bytesSent += toClient;
    }
  }

  void failed(ErrorReason reason, String detail) {
    if (entry != null && entry.flags.isEmpty()) {
      entry.flags = flag(reason);
      entry.termination = detail;
      if (entry.cluster != null) {
        entry.upstreamFailure = detail;
      }
    }
  }

  /** The session is over. */
  void written() {
    if (entry != null) {
      entry.durationMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      logs.log(listener, entry);
    }
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
