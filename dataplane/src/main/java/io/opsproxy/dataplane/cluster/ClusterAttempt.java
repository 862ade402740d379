package io.opsproxy.dataplane.cluster;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.dial.Dialling;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

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
  private final long key;
  private final Optional<Long> deadline;
  private final Upstream.Listener listener;
  private final List<Endpoint> tried = new ArrayList<>(1);
  private Endpoint endpoint;
  private Dialling dial;
  private ScheduledFuture<?> patience;
  private boolean retrying;
  private boolean over;

  /**
   * @param limit for all endpoints together; without one each has the time that is configured
   */
  ClusterAttempt(
      Cluster cluster,
      EventExecutor loop,
      Optional<ClientAddress> client,
      Optional<Duration> limit,
      Upstream.Listener listener) {
    this.cluster = cluster;
    this.breaker = cluster.breaker();
    this.loop = loop;
    this.client = client;
    this.key = cluster.key(client);
    this.deadline = limit.map(time -> System.nanoTime() + time.toNanos());
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
    endpoint = more ? cluster.pick(key, tried) : null;
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
    deadline.ifPresent(this::allot);
    tried.add(endpoint);
    dial = cluster.dialler().to(endpoint.destination(), loop, this);
    dial.start();
  }

  /** Its part of the time that is left, if all that may still be tried have the same. */
  private void allot(long until) {
    int most = Math.min(cluster.config().connectAttempts(), cluster.endpoints().size());
    long part = Math.max(1, (until - System.nanoTime()) / Math.max(1, most - tried.size()));
    patience = loop.schedule(() -> hangs(part), part, TimeUnit.NANOSECONDS);
  }

  private void hangs(long nanos) {
    if (!over) {
      dial.cancel();
      failed(
          new Dialling.Problem(
              "no answer within " + Duration.ofNanos(nanos + 999_999).toMillis() + " ms",
              true,
              Optional.empty()));
    }
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
    if (patience != null) {
      patience.cancel(false);
      patience = null;
    }
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
