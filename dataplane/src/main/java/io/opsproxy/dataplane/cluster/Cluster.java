package io.opsproxy.dataplane.cluster;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.model.ServiceConfig.LbPolicy;
import io.opsproxy.dataplane.config.model.UpstreamPolicy;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.dial.Dialler;
import io.opsproxy.dataplane.dial.Dialling;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.relay.DialOptions;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import io.opsproxy.dataplane.telemetry.ServiceMetrics;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The endpoints of one configured service: which of them are used now, and how. Any thread.
 *
 * <p>Two sides meet in it, and only in the reference {@link #hosts}: connections read it, on their
 * loops, without a lock; {@link Watch} replaces what it refers to when something was learned.
 */
public final class Cluster implements AutoCloseable {
  private static final byte[] NO_HEADER = new byte[0];
  private final ServiceConfig config;
  private final List<Endpoint> endpoints;
  private final List<Endpoint> gone;
  private final Dialler dialler;
  private final CircuitBreaker breaker;
  private final HostSet.Factory hostSets;
  private final Optional<Watch> watch;
  private final ServiceMetrics metrics;
  private final ClusterCounters counters;
  private volatile HostSet hosts;

  /**
   * @param before the cluster whose place this one takes: endpoints with the same address go on
   *     with what is known of them, and counters with what they have counted. It must be closed
   *     before this one is started
   */
  public Cluster(
      ServiceConfig config, Network network, ServiceMetrics metrics, Optional<Cluster> before) {
    this.config = config;
    this.metrics = metrics;
    UpstreamPolicy policy = config.upstream();
    dialler =
        new Dialler(
            network.traffic(),
            network.resolver(),
            Resolver.Names.CONFIGURED,
            config.connectTimeout(),
            new DialOptions(policy.keepalive()));
    counters = before.map(old -> old.counters).orElseGet(ClusterCounters::new);
    breaker =
        before
            .filter(old -> old.config.upstream().circuitBreaker().equals(policy.circuitBreaker()))
            .map(old -> old.breaker)
            .orElseGet(() -> CircuitBreaker.of(policy.circuitBreaker()));
    boolean watched = !policy.healthChecks().isEmpty() || policy.outlierDetection().isPresent();
    endpoints = endpoints(before.filter(old -> watched || old.watch.isEmpty()));
    gone = before.map(old -> old.without(endpoints)).orElse(List.of());
    hostSets =
        new HostSet.Factory(
            config.lbPolicy(),
            policy.panicThreshold(),
            new ThreadLocalGenerator(),
            this::pickedInPanic);
    hosts = hostSets.of(endpoints);
    watch =
        watched
            ? Optional.of(
                new Watch(name(), policy, endpoints, network, counters, metrics, this::refresh))
            : Optional.empty();
  }

  private List<Endpoint> endpoints(Optional<Cluster> before) {
    Map<HostPort, Endpoint> known = new HashMap<>();
    before.ifPresent(old -> old.endpoints.forEach(e -> known.put(e.address(), e)));
    return config.endpoints().stream()
        .map(
            configured -> {
              Endpoint kept = known.remove(configured.address());
              Endpoint endpoint =
                  kept != null ? kept : new Endpoint(configured.address(), configured.weight());
              endpoint.configured(configured);
              return endpoint;
            })
        .toList();
  }

  /** Those that have another address than all of these. */
  private List<Endpoint> without(List<Endpoint> others) {
    Set<HostPort> kept = others.stream().map(Endpoint::address).collect(Collectors.toSet());
    return endpoints.stream().filter(endpoint -> !kept.contains(endpoint.address())).toList();
  }

  /**
   * Begins to watch the endpoints, where that is configured, and lets go of those that it does not
   * have any more. Not needed to connect.
   */
  public void start() {
    if (config.upstream().closing().onRemoval()) {
      gone.forEach(Endpoint::removed);
    }
    watch.ifPresentOrElse(Watch::start, () -> metrics.watched(Map.of()));
  }

  /** Ends all watching; connections can still be made by what is known. */
  @Override
  public void close() {
    watch.ifPresent(Watch::close);
  }

  /** To be called when no other takes its place. */
  public void removed() {
    if (config.upstream().closing().onRemoval()) {
      endpoints.forEach(Endpoint::removed);
    }
  }

  /** What it is called in logs and metrics: the first of its names. */
  public String name() {
    return config.names().get(0).value();
  }

  /** What it was built from; equal configurations keep their cluster over a reload. */
  public ServiceConfig config() {
    return config;
  }

  /** In the order of the configuration. */
  public List<Endpoint> endpoints() {
    return endpoints;
  }

  /** How it is now. */
  public ClusterStats stats() {
    HostSet now = hosts;
    return new ClusterStats(
        endpoints.size(),
        now.eligibleCount(),
        now.inPanic(),
        counters.panicPicks().sum(),
        counters.noneHealthy().sum(),
        counters.retries().sum(),
        breaker.connections().refused(),
        breaker.pending().refused(),
        breaker.retries().refused(),
        watch.map(Watch::ejected).orElse(0),
        counters.ejections().sum(),
        counters.ejectionsOverflow().sum(),
        counters.checks().sum(),
        counters.checksFailed().sum());
  }

  /** This cluster under one of its names. */
  public Upstream named(NameMetrics nameMetrics) {
    return new Named(nameMetrics);
  }

  /** On the watching loop: what is known of an endpoint has changed. */
  private HostSet refresh() {
    HostSet next = hostSets.of(endpoints);
    hosts = next;
    return next;
  }

  // what an attempt needs

  Dialler dialler() {
    return dialler;
  }

  CircuitBreaker breaker() {
    return breaker;
  }

  /**
   * @param key from {@link #key}
   */
  Endpoint pick(long key, Collection<Endpoint> tried) {
    return hosts.pick(key, tried);
  }

  /** What endpoints are chosen by, where that is the client; anything for one that is not known. */
  long key(Optional<ClientAddress> client) {
    if (config.lbPolicy() != LbPolicy.SOURCE_HASH) {
      return 0;
    }
    InetAddress address = client.isPresent() ? client.get().source().getAddress() : null;
    return address == null ? ThreadLocalRandom.current().nextLong() : SourceHash.key(address);
  }

  private void pickedInPanic() {
    counters.panicPicks().increment();
    metrics.count(Metric.LB_PANIC);
  }

  Upstream.Failure noneHealthy() {
    counters.noneHealthy().increment();
    return new Upstream.Failure(
        ErrorReason.NO_HEALTHY_ENDPOINT,
        "none of the " + endpoints.size() + " endpoints of " + name() + " is healthy");
  }

  void retried() {
    counters.retries().increment();
    metrics.count(Metric.CONNECT_RETRIES);
  }

  void connectFailed(Endpoint endpoint, Dialling.Problem problem) {
    int inARow = endpoint.connectFailed(!problem.timedOut());
    watch.ifPresent(w -> w.connectFailed(endpoint, inARow));
  }

  byte[] proxyHeader(Optional<ClientAddress> client) {
    return config
        .upstream()
        .proxyProtocol()
        .map(version -> ProxyHeaderWriter.header(version, client))
        .orElse(NO_HEADER);
  }

  private final class Named implements LocalUpstream {
    private final NameMetrics nameMetrics;

    Named(NameMetrics nameMetrics) {
      this.nameMetrics = nameMetrics;
    }

    @Override
    public NameMetrics metrics() {
      return nameMetrics;
    }

    @Override
    public Cluster cluster() {
      return Cluster.this;
    }

    @Override
    public Attempt connect(EventExecutor loop, Optional<ClientAddress> client, Listener listener) {
      return new ClusterAttempt(Cluster.this, loop, client, Optional.empty(), listener).start();
    }

    @Override
    public Attempt connect(
        EventExecutor loop, Optional<ClientAddress> client, Duration limit, Listener listener) {
      return new ClusterAttempt(Cluster.this, loop, client, Optional.of(limit), listener).start();
    }
  }

  /** An upstream that is a cluster of this configuration. */
  public interface LocalUpstream extends Upstream {
    /** The cluster behind the name. */
    Cluster cluster();
  }

  /** Each thread draws from a generator of its own. */
  private static final class ThreadLocalGenerator implements RandomGenerator {
    @Override
    public long nextLong() {
      return ThreadLocalRandom.current().nextLong();
    }
  }
}
