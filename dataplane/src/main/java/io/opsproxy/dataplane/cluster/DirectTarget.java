package io.opsproxy.dataplane.cluster;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.dial.Dialler;
import io.opsproxy.dataplane.dial.Dialling;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.relay.DialOptions;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** One host and port that no service names: the target of a CONNECT that the access list allows. */
public final class DirectTarget implements Upstream {
  private static final Slots UNBOUNDED = new Slots("none", Integer.MAX_VALUE);
  private final HostPort target;
  private final Predicate<InetAddress> allowed;
  private final Dialler dialler;
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
    this.dialler = new Dialler(relay, resolver, Resolver.Names.BROUGHT, timeout, DialOptions.NONE);
    this.metrics = metrics;
  }

  @Override
  public NameMetrics metrics() {
    return metrics;
  }

  @Override
  public Attempt connect(EventExecutor loop, Optional<ClientAddress> client, Listener listener) {
    Endpoint endpoint = new Endpoint(target, 1);
    Dialling dial =
        dialler.to(
            endpoint.destination(),
            allowed,
            loop,
            new Dialling.Listener() {
              @Override
              public void connected(Stream stream) {
                listener.connected(new EndpointConnection(stream, endpoint, UNBOUNDED));
              }

              @Override
              public void failed(Dialling.Problem problem) {
                listener.failed(
                    new Failure(
                        ErrorReason.BACKEND_DIAL_ERROR,
                        "endpoint " + endpoint.address() + ": " + problem.why(),
                        problem.dialled()));
              }
            });
    dial.start();
    return dial::cancel;
  }
}
