package io.opsproxy.dataplane.cluster;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.dial.Dialling;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One connection's way through the endpoints of a cluster: one after the other, none twice, until
 * one is connected or {@code connect.attempts} are used up. On its loop.
 *
 * <p>It holds a slot of {@code max_connections} until the connection is released, one of {@code
 * max_pending} until there is an answer, and one of {@code max_retries} while it dials a second
 * endpoint or a later one.
 */
final class ClusterAttempt implements Upstream.Attempt, Dialling.Listener {
  private final Cluster cluster;
  private final CircuitBreaker breaker;
  private final EventExecutor loop;
  private final Optional<ClientAddress> client;
  private final Upstream.Listener listener;
  private final List<Endpoint> tried = new ArrayList<>(1);
  private Endpoint endpoint;
  private Dialling dial;
  private boolean retrying;
  private boolean over;

  ClusterAttempt(
      Cluster cluster,
      EventExecutor loop,
      Optional<ClientAddress> client,
      Upstream.Listener listener) {
    this.cluster = cluster;
    this.breaker = cluster.breaker();
    this.loop = loop;
    this.client = client;
    this.listener = listener;
  }

  ClusterAttempt start() {
    if (!breaker.pending().take()) {
      over = true;
      listener.failed(limit(breaker.pending()));
    } else if (!breaker.connections().take()) {
      over = true;
      breaker.pending().giveBack();
      listener.failed(limit(breaker.connections()));
    } else {
      next(null);
    }
    return this;
  }

  /**
   * @param last why the endpoint before could not be connected, null before the first
   */
  private void next(Upstream.Failure last) {
    boolean more = tried.size() < cluster.config().connectAttempts();
    endpoint = more ? cluster.pick(tried) : null;
    if (endpoint == null) {
      fail(last != null ? last : cluster.noneHealthy());
      return;
    }
    if (last != null) {
      if (!breaker.retries().take()) {
        fail(
            new Upstream.Failure(
                ErrorReason.LIMIT,
                last.message() + "; " + breaker.retries().reached(),
                last.lastTried()));
        return;
      }
      retrying = true;
      cluster.retried();
    }
    tried.add(endpoint);
    dial = cluster.dialler().to(endpoint.destination(), loop, this);
    dial.start();
  }

  @Override
  public void connected(Stream stream) {
    over = true;
    dialled();
    breaker.pending().giveBack();
    byte[] header = cluster.proxyHeader(client);
    if (header.length > 0) {
      stream.write(header, 0, header.length);
    }
    listener.connected(new EndpointConnection(stream, endpoint, breaker.connections()));
  }

  @Override
  public void failed(Dialling.Problem problem) {
    dialled();
    cluster.connectFailed(endpoint, problem);
    next(
        new Upstream.Failure(
            ErrorReason.BACKEND_DIAL_ERROR,
            "endpoint " + endpoint.address() + ": " + problem.why(),
            problem.dialled()));
  }

  private void dialled() {
    if (retrying) {
      retrying = false;
      breaker.retries().giveBack();
    }
  }

  private void fail(Upstream.Failure failure) {
    end();
    listener.failed(failure);
  }

  private static Upstream.Failure limit(Slots slots) {
    return new Upstream.Failure(ErrorReason.LIMIT, slots.reached());
  }

  private void end() {
    over = true;
    dialled();
    breaker.pending().giveBack();
    breaker.connections().giveBack();
  }

  @Override
  public void cancel() {
    if (!over) {
      end();
      dial.cancel();
    }
  }
}
