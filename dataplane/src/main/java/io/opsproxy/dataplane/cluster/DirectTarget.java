package io.opsproxy.dataplane.cluster;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Predicate;

/** One host and port that no service names: the target of a CONNECT that the access list allows. */
public final class DirectTarget implements Upstream {
  private final HostPort target;
  private final Predicate<InetAddress> allowed;
  private final Duration timeout;
  private final Relay relay;
  private final Resolver resolver;
  private final NameMetrics metrics;

  /**
   * @param allowed decides over each address after the look-up, so that a name cannot lead where
   *     its rule does not
   */
  public DirectTarget(
      HostPort target,
      Predicate<InetAddress> allowed,
      Duration timeout,
      Relay relay,
      Resolver resolver,
      NameMetrics metrics) {
    this.target = target;
    this.allowed = allowed;
    this.timeout = timeout;
    this.relay = relay;
    this.resolver = resolver;
    this.metrics = metrics;
  }

  @Override
  public NameMetrics metrics() {
    return metrics;
  }

  @Override
  public Attempt connect(EventExecutor loop, Listener listener) {
    EndpointDial dial =
        new EndpointDial(new Endpoint(target, 1), allowed, timeout, relay, resolver, loop);
    return dial.start(listener::connected, listener::failed);
  }
}
