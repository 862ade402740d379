package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.model.HealthCheck;
import io.opsproxy.dataplane.config.model.UpstreamPolicy;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.CircuitBreaker;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.Closing;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.ProxyProtocol;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.TcpKeepalive;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.UpstreamKeys;
import io.opsproxy.dataplane.config.schema.YamlSection;
import java.util.List;
import java.util.Optional;

/**
 * Reads how the endpoints of a service are watched and connected, from a service of the peer's own
 * files or a cluster of Envoy's.
 */
public final class UpstreamReader {
  private final boolean envoy;
  private final HealthCheckReader.Transports transports;
  private final Problems problems;

  /** For the peer's own files. */
  public UpstreamReader(Problems problems) {
    this(false, HealthCheckReader.Transports.NONE, problems);
  }

  /** For Envoy's files. */
  public UpstreamReader(HealthCheckReader.Transports transports, Problems problems) {
    this(true, transports, problems);
  }

  private UpstreamReader(
      boolean envoy, HealthCheckReader.Transports transports, Problems problems) {
    this.envoy = envoy;
    this.transports = transports;
    this.problems = problems;
  }

  /**
   * Reads what stands in a service or cluster.
   *
   * @param balancing where the two kinds of file have what is said of the set of endpoints: the
   *     service itself, or the cluster's {@code common_lb_config}
   * @param proxyProtocol if set; it stands in different places too
   */
  public UpstreamPolicy read(
      YamlSection service,
      String subject,
      YamlSection balancing,
      Optional<ProxyProtocol> proxyProtocol) {
    List<HealthCheck> checks =
        new HealthCheckReader(envoy, transports, problems).read(service, subject);
    OutlierReader outlier = new OutlierReader(service, subject, problems);
    return new UpstreamPolicy(
        checks,
        outlier.read(),
        outlier.panicThreshold(
            balancing.read(UpstreamKeys.PANIC_THRESHOLD, subject + " healthy_panic_threshold ")),
        keepalive(service, subject),
        proxyProtocol,
        circuitBreaker(service, subject),
        new Closing(
            flag(service, UpstreamKeys.CLOSE_ON_HEALTH_FAILURE, subject),
            flag(balancing, UpstreamKeys.CLOSE_ON_REMOVAL, subject)));
  }

  private static boolean flag(YamlSection section, ConfigKey<Boolean> key, String subject) {
    return section.readOrDefault(key, subject + " " + key.name() + " ");
  }

  private static Optional<TcpKeepalive> keepalive(YamlSection service, String subject) {
    YamlSection options = service.section(UpstreamKeys.CONNECTION_OPTIONS, UpstreamKeys.OPTIONS);
    YamlSection section = options.section(UpstreamKeys.TCP_KEEPALIVE, UpstreamKeys.KEEPALIVE);
    TcpKeepalive keepalive =
        new TcpKeepalive(
            number(section, UpstreamKeys.KEEPALIVE_PROBES, subject),
            number(section, UpstreamKeys.KEEPALIVE_TIME, subject),
            number(section, UpstreamKeys.KEEPALIVE_INTERVAL, subject));
    return options.has(UpstreamKeys.TCP_KEEPALIVE) ? Optional.of(keepalive) : Optional.empty();
  }

  private static int number(YamlSection section, ConfigKey<Integer> key, String subject) {
    return section.readOrDefault(key, subject + " " + key.name() + " ");
  }

  private CircuitBreaker circuitBreaker(YamlSection service, String subject) {
    YamlSection breakers = service.section(UpstreamKeys.CIRCUIT_BREAKERS, UpstreamKeys.BREAKERS);
    CircuitBreaker breaker = CircuitBreaker.DEFAULT;
    boolean found = false;
    for (YamlSection section :
        breakers.sections(UpstreamKeys.THRESHOLDS_LIST, UpstreamKeys.THRESHOLDS)) {
      CircuitBreaker read =
          new CircuitBreaker(
              limit(section, UpstreamKeys.BREAKER_CONNECTIONS, subject),
              limit(section, UpstreamKeys.BREAKER_PENDING, subject),
              limit(section, UpstreamKeys.BREAKER_RETRIES, subject));
      boolean ours =
          section.readOrDefault(UpstreamKeys.PRIORITY, subject + " priority ")
              == UpstreamKeys.Priority.DEFAULT;
      if (found || !ours) {
        problems.warning(
            section.at(),
            subject
                + (ours ? " has a second set of thresholds" : " thresholds of priority HIGH")
                + ", which no connection uses",
            "keep one, of priority DEFAULT");
      } else {
        breaker = read;
        found = true;
      }
    }
    return breaker;
  }

  /** What is not named is not bounded; {@code limits:} bounds the peer as a whole. */
  private static int limit(YamlSection section, ConfigKey<Integer> key, String subject) {
    return section.readValue(key, subject + " " + key.name() + " ").orElse(Integer.MAX_VALUE);
  }
}
