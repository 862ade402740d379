package io.opsproxy.dataplane.cluster;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One attempt to connect one endpoint: looked up off the loop, then address after address. On its
 * loop.
 */
final class EndpointDial implements Upstream.Attempt, Relay.DialListener {
  private final Endpoint endpoint;
  private final Predicate<InetAddress> allowed;
  private final Duration timeout;
  private final Relay relay;
  private final Resolver resolver;
  private final EventExecutor loop;
  private Consumer<Upstream.Connection> connected;
  private Consumer<Upstream.Failure> failed;
  private List<InetAddress> addresses = List.of();
  private int next;
  private Relay.Dial dial;
  private boolean over;

  /**
   * @param allowed which addresses may be dialled
   * @param timeout limit of the connect to one address
   */
  EndpointDial(
      Endpoint endpoint,
      Predicate<InetAddress> allowed,
      Duration timeout,
      Relay relay,
      Resolver resolver,
      EventExecutor loop) {
    this.endpoint = endpoint;
    this.allowed = allowed;
    this.timeout = timeout;
    this.relay = relay;
    this.resolver = resolver;
    this.loop = loop;
  }

  EndpointDial start(
      Consumer<Upstream.Connection> onConnected, Consumer<Upstream.Failure> onFailed) {
    connected = onConnected;
    failed = onFailed;
    if (endpoint.literal() != null) {
      resolved(List.of(endpoint.literal()), null);
    } else {
      resolver.resolve(endpoint.address().host(), loop, this::resolved);
    }
    return this;
  }

  private void resolved(List<InetAddress> found, String problem) {
    if (over) {
      return;
    }
    addresses = found.stream().filter(allowed).toList();
    if (!addresses.isEmpty()) {
      dialNext();
    } else {
      fail(found.isEmpty() ? problem : "none of its addresses may be dialled");
    }
  }

  private void dialNext() {
    InetSocketAddress target =
        new InetSocketAddress(addresses.get(next++), endpoint.address().port());
    dial = relay.dial(loop, target, timeout, this);
  }

  @Override
  public void connected(Stream stream) {
    over = true;
    connected.accept(new EndpointConnection(stream, endpoint));
  }

  @Override
  public void failed(Throwable cause) {
    if (over) {
      return;
    }
    if (next < addresses.size()) {
      dialNext();
    } else {
      fail(ConnectProblem.describe(cause));
    }
  }

  private void fail(String problem) {
    over = true;
    endpoint.connectFailed();
    failed.accept(
        new Upstream.Failure(
            ErrorReason.BACKEND_DIAL_ERROR, "endpoint " + endpoint.address() + ": " + problem));
  }

  @Override
  public void cancel() {
    over = true;
    if (dial != null) {
      dial.cancel();
    }
  }
}
