package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.model.ProxySettings;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.relay.Transfer;
import io.opsproxy.dataplane.relay.TransferLimits;
import io.opsproxy.dataplane.relay.TransferListener;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.NameMetrics.ConnectionMeter;
import io.opsproxy.dataplane.telemetry.Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bytes pass. Leaves to closed, or to Parting when the upstream said nothing at all. */
final class Relaying implements Session.State, TransferListener {
  private static final Logger log = LoggerFactory.getLogger(Relaying.class);
  private final Session session;
  private final Route route;
  private final ConnectionMeter meter;
  private final Upstream.Connection upstream;
  private Transfer transfer;

  Relaying(Session session, Route route, ConnectionMeter meter, Upstream.Connection upstream) {
    this.session = session;
    this.route = route;
    this.meter = meter;
    this.upstream = upstream;
  }

  void start() {
    session.log().connected(upstream);
    Stream client = session.client();
    boolean tunnel = route.facts().protocol() == Protocol.HTTP_CONNECT;
    if (tunnel) {
      client.write(Replies.CONNECT_ESTABLISHED, 0, Replies.CONNECT_ESTABLISHED.length);
    }
    byte[] early = upstream.early();
    if (early.length > 0) {
      client.write(early, 0, early.length);
    }
    Prelude prelude = session.prelude();
    int replayed = upstream.replayed();
    if (prelude.remaining() > replayed) {
      upstream.stream()
          .write(prelude.bytes(), prelude.from() + replayed, prelude.remaining() - replayed);
    }
    progress(prelude.remaining(), early.length);
    prelude.drop();
    ProxySettings limits = session.config().proxy();
    boolean reclaim = route.explainsSilence() && early.length == 0;
    transfer =
        session
            .proxy()
            .relay()
            .join(
                client,
                upstream.stream(),
                new TransferLimits(limits.idleTimeout(), limits.halfClosedTimeout(), reclaim),
                this);
  }

  @Override
  public void progress(long toUpstream, long toClient) {
    meter.progress(toUpstream, toClient);
    session.log().progress(toUpstream, toClient);
  }

  @Override
  public void paused(boolean clientSide, long nanos) {
    session.proxy().metrics().readPaused(clientSide, nanos);
  }

  @Override
  public void over(Transfer.Outcome outcome) {
    upstream.released();
    session.proxy().limits().closed(route.facts());
    switch (outcome) {
      case UPSTREAM_BROKE -> failed("the connection to " + upstream.description() + " broke");
      case SILENT -> {
        log.debug("{}: {} closed without a byte", route.facts(), upstream.description());
        failed(upstream.description() + " closed the connection without an answer");
        session.parting(
            route.apology(
                new Upstream.Failure(
                    upstream.brokenReason(),
                    upstream.description() + " closed the connection without an answer")));
        return;
      }
      case SHED -> {
        meter.failed(ErrorReason.MEMORY);
        session
            .log()
            .failed(ErrorReason.MEMORY, "memory is short, and the most waited for a side to read");
      }
      default -> meter.succeeded();
    }
    session.closed();
  }

  private void failed(String detail) {
    meter.failed(upstream.brokenReason());
    session.log().failed(upstream.brokenReason(), detail);
  }

  @Override
  public void stop() {
    transfer.stop();
  }

  /** The first bytes have gone to the relay, which is charged for what waits. */
  @Override
  public void overBudget() {}
}
