package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.ExposedServiceSpec;
import io.opsproxy.api.v1alpha1.HttpCheck;
import io.opsproxy.api.v1alpha1.LoadBalancing;
import io.opsproxy.api.v1alpha1.TcpKeepalive;
import io.opsproxy.dataplane.config.model.HealthCheck;
import io.opsproxy.dataplane.config.model.OutlierDetection;
import io.opsproxy.dataplane.config.model.ServiceConfig.LbPolicy;
import io.opsproxy.dataplane.config.model.UpstreamPolicy;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.CircuitBreaker;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.ProxyProtocol;
import io.opsproxy.dataplane.config.value.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the endpoints of an ExposedService are balanced, watched and connected. */
final class Upstreams {
  private static final List<HealthCheck.StatusRange> OK =
      List.of(new HealthCheck.StatusRange(200, 201));

  private final CaFiles files;

  /**
   * @param files takes the certificates that health checks verify with
   */
  Upstreams(CaFiles files) {
    this.files = files;
  }

  static LbPolicy policy(LoadBalancing balancing) {
    return switch (balancing.policy()) {
      case ROUND_ROBIN -> LbPolicy.ROUND_ROBIN;
      case LEAST_REQUEST -> LbPolicy.LEAST_REQUEST;
      case RANDOM -> LbPolicy.RANDOM;
      case SOURCE_HASH -> LbPolicy.SOURCE_HASH;
    };
  }

  static Duration duration(String path, String text) {
    return RefusedSpec.parse(path, text, Durations::parse);
  }

  UpstreamPolicy upstream(ExposedServiceSpec spec) {
    List<HealthCheck> checks = new ArrayList<>();
    for (int i = 0; i < spec.healthChecks().size(); i++) {
      checks.add(check("spec.healthChecks[" + i + "]", spec.healthChecks().get(i)));
    }
    return new UpstreamPolicy(
        checks,
        outlier(spec.outlierDetection()),
        spec.loadBalancing().panicThreshold(),
        keepalive(spec.connect().tcpKeepalive()),
        Optional.ofNullable(spec.proxyProtocol())
            .map(
                version ->
                    switch (version) {
                      case V1 -> ProxyProtocol.V1;
                      case V2 -> ProxyProtocol.V2;
                    }),
        new CircuitBreaker(
            limit(spec.loadBalancing().maxConnections()),
            limit(spec.loadBalancing().maxPending()),
            limit(spec.loadBalancing().maxRetries())));
  }

  private HealthCheck check(String path, io.opsproxy.api.v1alpha1.HealthCheck check) {
    Duration interval = duration(path + ".interval", check.interval());
    return new HealthCheck(
        duration(path + ".timeout", check.timeout()),
        interval,
        check.unhealthyInterval() == null
            ? interval
            : duration(path + ".unhealthyInterval", check.unhealthyInterval()),
        check.intervalJitter() == null
            ? Duration.ZERO
            : duration(path + ".intervalJitter", check.intervalJitter()),
        check.unhealthyThreshold(),
        check.healthyThreshold(),
        Optional.ofNullable(check.http()).map(this::http),
        check.tcp() != null);
  }

  private HealthCheck.Http http(HttpCheck check) {
    List<HealthCheck.StatusRange> expected =
        check.expectedStatuses().stream()
            .map(range -> new HealthCheck.StatusRange(range.start(), range.end()))
            .toList();
    return new HealthCheck.Http(
        check.path(),
        Optional.ofNullable(check.host()),
        expected.isEmpty() ? OK : expected,
        List.of(),
        switch (check.scheme()) {
          case AUTO -> HealthCheck.Scheme.AUTO;
          case HTTP -> HealthCheck.Scheme.HTTP;
          case HTTPS -> HealthCheck.Scheme.HTTPS;
        },
        Optional.ofNullable(check.caBundle()).map(pem -> Path.of(files.add(pem))),
        Optional.ofNullable(check.serverName()),
        check.insecureSkipVerify());
  }

  private static Optional<OutlierDetection> outlier(
      io.opsproxy.api.v1alpha1.OutlierDetection outlier) {
    if (outlier == null) {
      return Optional.empty();
    }
    String path = "spec.outlierDetection";
    Duration base = duration(path + ".baseEjectionTime", outlier.baseEjectionTime());
    Duration most = duration(path + ".maxEjectionTime", outlier.maxEjectionTime());
    return Optional.of(
        new OutlierDetection(
            outlier.consecutiveConnectFailures(),
            duration(path + ".interval", outlier.interval()),
            base,
            most.compareTo(base) < 0 ? base : most,
            outlier.maxEjectionPercent(),
            outlier.alwaysEjectOneHost(),
            true));
  }

  private static Optional<UpstreamPolicy.TcpKeepalive> keepalive(TcpKeepalive keepalive) {
    return keepalive == null
        ? Optional.empty()
        : Optional.of(
            new UpstreamPolicy.TcpKeepalive(
                keepalive.probes(), keepalive.timeSeconds(), keepalive.intervalSeconds()));
  }

  private static int limit(Integer bound) {
    return bound == null ? Integer.MAX_VALUE : bound;
  }
}
