package io.opsproxy.dataplane.cluster;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.config.model.HealthCheck;
import io.opsproxy.dataplane.config.model.UpstreamPolicy;
import io.opsproxy.dataplane.dial.Dialler;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.relay.DialOptions;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.ServiceMetrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Learns which endpoints of one cluster are usable: runs its checks and its outlier detection, and
 * says when the cluster has to look again. All of that happens on one loop that serves no clients;
 * {@link #start}, {@link #close} and {@link #connectFailed} may be called from any thread.
 */
final class Watch {
  private static final byte[] NOTHING = new byte[0];
  private final UpstreamPolicy policy;
  private final List<Endpoint> endpoints;
  private final Network network;
  private final ServiceMetrics metrics;
  private final ClusterCounters counters;
  private final Supplier<HostSet> refresh;
  private final WatchLog log;
  private final Optional<OutlierDetector> outliers;
  private final List<EndpointCheck> checks = new ArrayList<>();
  private ScheduledFuture<?> sweeper;
  private volatile EventExecutor loop;
  private volatile boolean closed;

  /**
   * @param refresh lets connections see what is known now, and gives what they see
   */
  Watch(
      String service,
      UpstreamPolicy policy,
      List<Endpoint> endpoints,
      Network network,
      ClusterCounters counters,
      ServiceMetrics metrics,
      Supplier<HostSet> refresh) {
    this.policy = policy;
    this.endpoints = endpoints;
    this.network = network;
    this.metrics = metrics;
    this.counters = counters;
    this.refresh = refresh;
    log = new WatchLog(service, endpoints.size(), policy.panicThreshold());
    outliers =
        policy
            .outlierDetection()
            .map(
                settings ->
                    new OutlierDetector(
                        settings,
                        endpoints.stream().map(Endpoint::ejection).toList(),
                        counters,
                        System::nanoTime));
  }

  void start() {
    Map<String, BooleanSupplier> healthy = new HashMap<>();
    endpoints.forEach(e -> healthy.put(e.address().toString(), e::isEligible));
    metrics.watched(healthy);
    loop = network.watching().get().loops().get(0);
    loop.execute(this::begin);
  }

  private void begin() {
    for (Endpoint endpoint : endpoints) {
      endpoint.watched();
      if (outliers.isEmpty()) {
        endpoint.ejection().reset();
      }
      for (HealthState state : endpoint.checked(policy.healthChecks())) {
        Probe probe = probe(state.check(), endpoint);
        checks.add(
            new EndpointCheck(
                endpoint, state, probe, loop, RandomGenerator.getDefault(), this::checked));
      }
    }
    changed();
    checks.forEach(EndpointCheck::begin);
    outliers.ifPresent(
        detector -> {
          long interval = Math.max(1, detector.interval().toNanos());
          sweeper =
              loop.scheduleWithFixedDelay(
                  () -> sweep(detector), interval, interval, TimeUnit.NANOSECONDS);
        });
  }

  /**
   * An HTTP check connects as well, so a TCP check beside it in one item would find out nothing
   * more, at the price of a second connection.
   */
  private Probe probe(HealthCheck check, Endpoint endpoint) {
    Dialler dialler =
        new Dialler(
            network.watching().get(),
            network.resolver(),
            Resolver.Names.CONFIGURED,
            check.timeout(),
            DialOptions.NONE);
    byte[] preamble =
        policy
            .proxyProtocol()
            .map(version -> ProxyHeaderWriter.header(version, Optional.empty()))
            .orElse(NOTHING);
    return check.http().isPresent()
        ? new HttpProbe(
            dialler,
            endpoint,
            loop,
            check,
            preamble,
            end -> metrics.certificateEnds(endpoint.address().toString(), end))
        : new TcpProbe(dialler, endpoint, loop, preamble);
  }

  /** Ends checks and ejections; what is known stays as it is. */
  void close() {
    boolean again = closed;
    closed = true;
    if (loop != null && !again) {
      loop.execute(
          () -> {
            checks.forEach(EndpointCheck::stop);
            if (sweeper != null) {
              sweeper.cancel(false);
            }
          });
    }
  }

  // what is learned

  private void checked(Endpoint endpoint, HealthState state, CheckResult result) {
    boolean first = state.pending();
    boolean failed = endpoint.failedActiveCheck();
    state.record(result.kind());
    endpoint.publish();
    counters.checks().increment();
    if (!result.passed()) {
      counters.checksFailed().increment();
      metrics.checkFailed(endpoint.address().toString());
    }
    boolean turned = endpoint.failedActiveCheck() != failed;
    boolean returned =
        result.passed()
            && !endpoint.failedActiveCheck()
            && outliers.map(detector -> detector.checkPassed(endpoint.ejection())).orElse(false);
    // Before anything is said of it: connections are to follow what the admin pages show.
    Optional<HostSet> now =
        first || turned || returned ? Optional.of(refresh.get()) : Optional.empty();
    log.checked(endpoint, state, result, first, turned);
    if (returned) {
      log.returned(endpoint, "a check passed");
    }
    now.ifPresent(log::used);
    if (turned && endpoint.failedActiveCheck()) {
      left(endpoint, "which is unhealthy");
    }
  }

  /**
   * A connect failed.
   *
   * @param inARow how many before it did, and it
   */
  void connectFailed(Endpoint endpoint, int inARow) {
    if (closed || loop == null || outliers.isEmpty() || !outliers.get().isTrigger(inARow)) {
      return;
    }
    loop.execute(() -> eject(outliers.get(), endpoint, inARow));
  }

  private void eject(OutlierDetector detector, Endpoint endpoint, int inARow) {
    if (!closed && detector.trigger(endpoint.ejection())) {
      metrics.count(Metric.OUTLIER_EJECTIONS);
      log.ejected(endpoint, detector.duration(endpoint.ejection()), inARow);
      changed();
      left(endpoint, "which is ejected");
    }
  }

  /** No new connection goes to it; those that are open may have to end too. */
  private void left(Endpoint endpoint, String why) {
    if (policy.closing().onHealthFailure()) {
      endpoint.sever(why);
    }
  }

  private void sweep(OutlierDetector detector) {
    boolean any = false;
    for (Endpoint endpoint : endpoints) {
      if (detector.sweep(endpoint.ejection())) {
        log.returned(endpoint, "its time is over");
        any = true;
      }
    }
    if (any) {
      changed();
    }
  }

  private void changed() {
    log.used(refresh.get());
  }

  /** Endpoints that are ejected now. Any thread. */
  int ejected() {
    return outliers.map(OutlierDetector::active).orElse(0);
  }
}
