package io.opsproxy.dataplane.config.model;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import java.time.Duration;
import java.util.List;

/**
 * One service that is served here, under one or several names.
 *
 * @param names at least one; exact or wildcard ({@code *.example.com})
 * @param endpoints at least one
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
   */
  public record Endpoint(HostPort address, int weight, int priority) {
    /** Envoy's. */
    public static final int LAST_PRIORITY = 128;

    /** Of the first priority, 0. */
    public Endpoint(HostPort address, int weight) {
      this(address, weight, 0);
    }
  }

  /** Envoy's names for the balancing policies that have a meaning for TCP. */
  public enum LbPolicy {
    ROUND_ROBIN,
    LEAST_REQUEST,
    RANDOM
  }
}
