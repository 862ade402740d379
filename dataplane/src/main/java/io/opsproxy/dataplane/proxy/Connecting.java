package io.opsproxy.dataplane.proxy;

import io.netty.buffer.ByteBuf;
import io.opsproxy.dataplane.cluster.ClientAddress;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.NameMetrics.ConnectionMeter;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Routed; an upstream is being connected. What the client sends meanwhile is kept, up to {@link
 * Prelude#ENOUGH}. Leaves to Relaying, Parting, or closed.
 */
final class Connecting implements Session.State, Receiver, Upstream.Listener {
  private static final Logger log = LoggerFactory.getLogger(Connecting.class);
  private final Session session;
  private final Route route;
  private final ConnectionMeter meter;
  private Upstream.Attempt attempt;
  private boolean left;

  Connecting(Session session, Route route) {
    this.session = session;
    this.route = route;
    meter = route.upstream().metrics().opened(route.facts().protocol());
    session.proxy().limits().opened(route.facts());
  }

  void start() {
    // reading goes on, so that a client that leaves is noticed
    session.client().receive(this);
    if (!left) {
      ClientAddress client =
          new ClientAddress(
              route.facts().source(),
              session.client()::localAddress,
              session.prelude()::copy,
              session.log()::id);
      attempt = route.upstream().connect(session.client().loop(), Optional.of(client), this);
    }
  }

  @Override
  public void received(ByteBuf bytes) {
    Prelude prelude = session.prelude();
    prelude.append(bytes);
    if (!left
        && (prelude.remaining() >= Prelude.ENOUGH
            || session.proxy().relay().bounds().bytes().isTight())) {
      session.client().pause();
    }
  }

  @Override
  public void overBudget() {
    failed(
        new Upstream.Failure(
            ErrorReason.MEMORY, "memory is short, and this request waits for its upstream"));
  }

  /** It has sent all that it will send; the relay passes that on. */
  @Override
  public void ended() {}

  @Override
  public void broken(Throwable cause) {
    end(ErrorReason.CLIENT_GONE, "the client left");
    session.closed();
  }

  @Override
  public void connected(Upstream.Connection connection) {
    left = true;
    meter.connected();
    session.relaying(new Relaying(session, route, meter, connection));
  }

  @Override
  public void failed(Upstream.Failure failure) {
    log.debug("{}: {}: {}", route.facts(), failure.reason().label(), failure.message());
    session.log().notConnected(failure);
    end(failure.reason(), failure.message());
    session.parting(route.apology(failure));
  }

  private void end(ErrorReason reason, String detail) {
    left = true;
    if (attempt != null) {
      attempt.cancel();
    }
    meter.failed(reason);
    session.log().failed(reason, detail);
    session.proxy().limits().closed(route.facts());
  }

  @Override
  public void stop() {
    if (!left) {
      end(ErrorReason.CLIENT_GONE, "this peer is stopping");
      session.client().close();
      session.closed();
    }
  }
}
