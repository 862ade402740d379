package io.opsproxy.dataplane.cluster;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.relay.DialOptions;
import io.opsproxy.dataplane.relay.Relay;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * How the endpoints of one cluster are dialled.
 *
 * @param timeout limit of the connect to one address
 */
record Dialler(Relay relay, Resolver resolver, Duration timeout, DialOptions options) {

  /** An attempt that takes any address of the endpoint, to be started on {@code loop}. */
  EndpointDial to(Endpoint endpoint, EventExecutor loop, EndpointDial.Listener listener) {
    return to(endpoint, address -> true, loop, listener);
  }

  /** An attempt that takes only addresses that are allowed. */
  EndpointDial to(
      Endpoint endpoint,
      Predicate<InetAddress> allowed,
      EventExecutor loop,
      EndpointDial.Listener listener) {
    return new EndpointDial(this, endpoint, allowed, loop, listener);
  }
}
