package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.config.model.LimitSettings;
import io.opsproxy.dataplane.relay.Descriptors;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** How many client connections may be open: in all, from one source, to one name. Any thread. */
final class ConnectionLimits {
  private final Descriptors descriptors;
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentMap<InetAddress, AtomicInteger> perSource = new ConcurrentHashMap<>();
  private volatile LimitSettings settings;

  ConnectionLimits(LimitSettings settings, Descriptors descriptors) {
    this.settings = settings;
    this.descriptors = descriptors;
  }

  void apply(LimitSettings next) {
    settings = next;
  }

  /** Null when there is room, else the limit that is reached, in words for the client. */
  String reached(Route route) {
    LimitSettings now = settings;
    int most = now.maxConnections() > 0 ? now.maxConnections() : descriptors.mostConnections();
    if (open.get() >= most) {
      return "limit of " + most + " connections reached";
    }
    if (now.maxConnectionsPerName() > 0
        && route.upstream().metrics().active() >= now.maxConnectionsPerName()) {
      return "limit of " + now.maxConnectionsPerName() + " connections to this name reached";
    }
    AtomicInteger ofSource = perSource.get(route.facts().source().getAddress());
    if (now.maxConnectionsPerSource() > 0
        && ofSource != null
        && ofSource.get() >= now.maxConnectionsPerSource()) {
      return "limit of " + now.maxConnectionsPerSource() + " connections from this address reached";
    }
    return null;
  }

  void opened(ConnectionFacts facts) {
    open.incrementAndGet();
    perSource.compute(
        facts.source().getAddress(),
        (source, count) -> {
          AtomicInteger counted = count == null ? new AtomicInteger() : count;
          counted.incrementAndGet();
          return counted;
        });
  }

  void closed(ConnectionFacts facts) {
    open.decrementAndGet();
    perSource.computeIfPresent(
        facts.source().getAddress(),
        (source, count) -> count.decrementAndGet() == 0 ? null : count);
  }
}
