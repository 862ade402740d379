package io.opsproxy.dataplane.config.model;

import java.util.List;
import java.util.Optional;

/**
 * How the endpoints of a service are watched and connected, beyond balancing. Names, defaults and
 * meaning are Envoy's.
 *
 * @param healthChecks active checks; an endpoint is healthy when all of them say so; none means no
 *     active checking
 * @param outlierDetection ejection by failed connects; empty means off
 * @param panicThreshold percentage of healthy endpoints below which all of them are used (default
 *     50; 0 means never)
 * @param keepalive probes on idle connections to endpoints; empty leaves them off
 * @param proxyProtocol header that tells the endpoint the client's address; empty sends none
 * @param circuitBreaker bounds of what one service may take
 * @param closing when connections that are open are closed
 */
public record UpstreamPolicy(
    List<HealthCheck> healthChecks,
    Optional<OutlierDetection> outlierDetection,
    int panicThreshold,
    Optional<TcpKeepalive> keepalive,
    Optional<ProxyProtocol> proxyProtocol,
    CircuitBreaker circuitBreaker,
    Closing closing) {

  /** What holds where nothing is configured. */
  public static final UpstreamPolicy DEFAULT =
      new UpstreamPolicy(
          List.of(),
          Optional.empty(),
          50,
          Optional.empty(),
          Optional.empty(),
          CircuitBreaker.DEFAULT);

  /** Where connections are left alone, whatever is learned of their endpoint. */
  public UpstreamPolicy(
      List<HealthCheck> healthChecks,
      Optional<OutlierDetection> outlierDetection,
      int panicThreshold,
      Optional<TcpKeepalive> keepalive,
      Optional<ProxyProtocol> proxyProtocol,
      CircuitBreaker circuitBreaker) {
    this(
        healthChecks,
        outlierDetection,
        panicThreshold,
        keepalive,
        proxyProtocol,
        circuitBreaker,
        Closing.NEVER);
  }

  public UpstreamPolicy {
    healthChecks = List.copyOf(healthChecks);
  }

  /**
   * {@code upstream_connection_options.tcp_keepalive}.
   *
   * @param probes unanswered probes after which the connection is dead, at least 1
   * @param timeSeconds idle time before the first probe, at least 1
   * @param intervalSeconds between probes, at least 1
   */
  public record TcpKeepalive(int probes, int timeSeconds, int intervalSeconds) {}

  /** Versions of the PROXY protocol. */
  public enum ProxyProtocol {
    V1,
    V2
  }

  /**
   * Whether connections that are open are closed when no new one would go to their endpoint.
   *
   * @param onHealthFailure {@code close_connections_on_host_health_failure}: a check fails, or it
   *     is ejected
   * @param onRemoval {@code close_connections_on_host_set_change}: it is taken out of the
   *     configuration
   */
  public record Closing(boolean onHealthFailure, boolean onRemoval) {
    /** As Envoy without those settings. */
    public static final Closing NEVER = new Closing(false, false);
  }

  /**
   * {@code circuit_breakers.thresholds} of the default priority.
   *
   * @param maxConnections connections open to the service
   * @param maxPending connections being established
   * @param maxRetries connects under way that are not their connection's first
   */
  public record CircuitBreaker(int maxConnections, int maxPending, int maxRetries) {
    /** Ours is no limit on connections: {@code limits:} bounds them for the whole peer. */
    public static final CircuitBreaker DEFAULT =
        new CircuitBreaker(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }
}
