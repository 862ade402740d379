package io.opsproxy.dataplane.cluster;

import io.netty.channel.ConnectTimeoutException;
import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Stream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One attempt to connect one endpoint: looked up off the loop, then address after address. On its
 * loop.
 */
final class EndpointDial implements Upstream.Attempt, Relay.DialListener {

  /** The end of the attempt. */
  interface Listener {
    /** The stream is paused, and the listener's now. */
    void connected(Stream stream);

    /** No address could be connected. */
    void failed(Problem problem);
  }

  /**
   * Why it failed.
   *
   * @param why one clause, without the endpoint
   * @param timedOut there was no answer, not even a refusal
   * @param dialled the last address; empty when none was found
   */
  record Problem(String why, boolean timedOut, Optional<InetSocketAddress> dialled) {}

  private final Dialler dialler;
  private final Endpoint endpoint;
  private final Predicate<InetAddress> allowed;
  private final EventExecutor loop;
  private final Listener listener;
  private List<InetAddress> addresses = List.of();
  private int next;
  private InetSocketAddress target;
  private Relay.Dial dial;
  private boolean over;

  /**
   * @param allowed which addresses may be dialled
   */
  EndpointDial(
      Dialler dialler,
      Endpoint endpoint,
      Predicate<InetAddress> allowed,
      EventExecutor loop,
      Listener listener) {
    this.dialler = dialler;
    this.endpoint = endpoint;
    this.allowed = allowed;
    this.loop = loop;
    this.listener = listener;
  }

  /** The answer may come before this returns. */
  void start() {
    if (endpoint.literal() != null) {
      resolved(List.of(endpoint.literal()), null);
    } else {
      dialler.resolver().resolve(endpoint.address().host(), loop, this::resolved);
    }
  }

  private void resolved(List<InetAddress> found, String problem) {
    if (over) {
      return;
    }
    addresses = found.stream().filter(allowed).toList();
    if (!addresses.isEmpty()) {
      dialNext();
    } else {
      String why = found.isEmpty() ? problem : "none of its addresses may be dialled";
      fail(new Problem(why, false, Optional.empty()));
    }
  }

  private void dialNext() {
    target = new InetSocketAddress(addresses.get(next++), endpoint.address().port());
    dial = dialler.relay().dial(loop, target, dialler.timeout(), dialler.options(), this);
  }

  @Override
  public void connected(Stream stream) {
    if (over) {
      stream.close();
      return;
    }
    over = true;
    listener.connected(stream);
  }

  @Override
  public void failed(Throwable cause) {
    if (over) {
      return;
    }
    if (next < addresses.size()) {
      dialNext();
    } else {
      fail(
          new Problem(
              ConnectProblem.describe(cause),
              cause instanceof ConnectTimeoutException,
              Optional.of(target)));
    }
  }

  private void fail(Problem problem) {
    over = true;
    listener.failed(problem);
  }

  @Override
  public void cancel() {
    over = true;
    if (dial != null) {
      dial.cancel();
    }
  }
}
