package io.opsproxy.dataplane.cluster;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.config.ServiceConfig;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * The endpoints of one configured service. Connecting tries endpoint after endpoint, all addresses
 * of each, and never one twice for the same connection, until {@code connect.attempts} are used up.
 * Any thread.
 */
public final class Cluster {
  private final ServiceConfig config;
  private final Relay relay;
  private final Resolver resolver;
  private final List<Endpoint> endpoints;
  private final LoadBalancer balancer;

  public Cluster(ServiceConfig config, Relay relay, Resolver resolver) {
    this.config = config;
    this.relay = relay;
    this.resolver = resolver;
    endpoints =
        config.endpoints().stream().map(e -> new Endpoint(e.address(), e.weight())).toList();
    balancer = LoadBalancer.of(config.lbPolicy(), endpoints, new ThreadLocalGenerator());
  }

  /** What it was built from; equal configurations keep their cluster over a reload. */
  public ServiceConfig config() {
    return config;
  }

  /** In the order of the configuration. */
  public List<Endpoint> endpoints() {
    return endpoints;
  }

  /** This cluster under one of its names. */
  public Upstream named(NameMetrics metrics) {
    return new Named(metrics);
  }

  private final class Named implements LocalUpstream {
    private final NameMetrics metrics;

    Named(NameMetrics metrics) {
      this.metrics = metrics;
    }

    @Override
    public NameMetrics metrics() {
      return metrics;
    }

    @Override
    public Cluster cluster() {
      return Cluster.this;
    }

    @Override
    public Attempt connect(EventExecutor loop, Listener listener) {
      Connecting connecting = new Connecting(loop, listener);
      connecting.next(null);
      return connecting;
    }
  }

  /** An upstream that is a cluster of this configuration. */
  public interface LocalUpstream extends Upstream {
    /** The cluster behind the name. */
    Cluster cluster();
  }

  /** One connection's way through the endpoints. On its loop. */
  private final class Connecting implements Upstream.Attempt {
    private final EventExecutor loop;
    private final Upstream.Listener listener;
    private final List<Endpoint> tried = new ArrayList<>(1);
    private EndpointDial dial;

    Connecting(EventExecutor loop, Upstream.Listener listener) {
      this.loop = loop;
      this.listener = listener;
    }

    private void next(Upstream.Failure last) {
      Endpoint endpoint = tried.size() < config.connectAttempts() ? balancer.pick(tried) : null;
      if (endpoint == null) {
        listener.failed(last);
        return;
      }
      tried.add(endpoint);
      dial =
          new EndpointDial(
              endpoint, address -> true, config.connectTimeout(), relay, resolver, loop);
      dial.start(listener::connected, this::next);
    }

    @Override
    public void cancel() {
      dial.cancel();
    }
  }

  /** Each thread draws from a generator of its own. */
  private static final class ThreadLocalGenerator implements RandomGenerator {
    @Override
    public long nextLong() {
      return ThreadLocalRandom.current().nextLong();
    }
  }
}
