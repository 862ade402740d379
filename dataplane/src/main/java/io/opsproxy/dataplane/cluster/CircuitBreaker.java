package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.config.model.UpstreamPolicy;

/**
 * What one cluster may take at a time (Envoy: circuit breakers of the default priority).
 *
 * @param connections from the start of their connect until they are closed
 * @param pending connections that are being established
 * @param retries connects under way that are not their connection's first
 */
record CircuitBreaker(Slots connections, Slots pending, Slots retries) {
  static CircuitBreaker of(UpstreamPolicy.CircuitBreaker limits) {
    return new CircuitBreaker(
        new Slots("max_connections", limits.maxConnections()),
        new Slots("max_pending", limits.maxPending()),
        new Slots("max_retries", limits.maxRetries()));
  }
}
