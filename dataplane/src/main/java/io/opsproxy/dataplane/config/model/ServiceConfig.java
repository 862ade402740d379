package io.opsproxy.dataplane.config.model;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One service that is served here, under one or several names.
 *
 * @param names at least one; exact or wildcard ({@code *.example.com})
 * @param endpoints at least one, except in a cluster of Envoy's whose endpoints come later
 * @param lbPolicy how connections are spread over the endpoints
 * @param connectTimeout limit of one connect attempt ({@code connect.timeout}, default {@code
 *     proxy.dial_timeout})
 * @param connectAttempts attempts in all for one connection, each on an endpoint not tried before
 *     ({@code connect.attempts}, default 4, at least 1)
 * @param upstream how the endpoints are watched and connected beyond that
 */
public record ServiceConfig(
    List<HostName> names,
    List<Endpoint> endpoints,
    LbPolicy lbPolicy,
    Duration connectTimeout,
    int connectAttempts,
    UpstreamPolicy upstream) {

  /** With what holds where nothing is said about the endpoints. */
  public ServiceConfig(
      List<HostName> names,
      List<Endpoint> endpoints,
      LbPolicy lbPolicy,
      Duration connectTimeout,
      int connectAttempts) {
    this(names, endpoints, lbPolicy, connectTimeout, connectAttempts, UpstreamPolicy.DEFAULT);
  }

  public ServiceConfig {
    names = List.copyOf(names);
    endpoints = List.copyOf(endpoints);
  }

  /**
   * Where the service runs.
   *
   * @param address host (name or IP literal) and port
   * @param weight share of connections relative to the others of its priority, 1 to 128
   * @param priority 0 to {@link #LAST_PRIORITY}; a level gets connections as far as those with
   *     smaller numbers have too few healthy endpoints
   * @param check what health checks of this endpoint do otherwise than those of the others
   */
  public record Endpoint(HostPort address, int weight, int priority, Check check) {
    /** Envoy's. */
    public static final int LAST_PRIORITY = 128;

    /** Of the first priority, 0. */
    public Endpoint(HostPort address, int weight) {
      this(address, weight, 0);
    }

    /** Checked as the others are. */
    public Endpoint(HostPort address, int weight, int priority) {
      this(address, weight, priority, Check.USUAL);
    }

    /**
     * Envoy's {@code health_check_config}.
     *
     * @param address where checks connect; empty means the endpoint's own address
     * @param host Host header of HTTP checks; empty means that of the check
     * @param disabled whether there are no checks, so that they never call it unhealthy
     */
    public record Check(Optional<HostPort> address, Optional<String> host, boolean disabled) {
      /** Nothing is said. */
      public static final Check USUAL = new Check(Optional.empty(), Optional.empty(), false);
    }
  }

  /** The balancing policies; the first three have Envoy's names. */
  public enum LbPolicy {
    ROUND_ROBIN,
    LEAST_REQUEST,
    RANDOM,
    /** The same endpoint for the same client address, as long as it can be used. */
    SOURCE_HASH
  }
}
