package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.config.HostPort;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** One place where a service runs, with what is known of it now. Any thread. */
public final class Endpoint {
  private final HostPort address;
  private final InetAddress literal;
  private final int weight;
  private final AtomicInteger active = new AtomicInteger();
  private volatile boolean lastConnectFailed;

  Endpoint(HostPort address, int weight) {
    this.address = address;
    this.weight = weight;
    this.literal = Resolver.literal(address.host());
  }

  /** As configured. */
  public HostPort address() {
    return address;
  }

  int weight() {
    return weight;
  }

  /** The IP address when no look-up is needed, else null. */
  InetAddress literal() {
    return literal;
  }

  /** Connections open to it. */
  int active() {
    return active.get();
  }

  void opened() {
    lastConnectFailed = false;
    active.incrementAndGet();
  }

  void closed() {
    active.decrementAndGet();
  }

  void connectFailed() {
    lastConnectFailed = true;
  }

  /** Whether the last attempt to connect succeeded; true before the first. */
  public boolean isHealthy() {
    return !lastConnectFailed;
  }
}
