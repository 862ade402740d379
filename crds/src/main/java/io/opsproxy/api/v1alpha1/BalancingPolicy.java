package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an endpoint is chosen for a connection. */
public enum BalancingPolicy {
  /** In turn, by weight. */
  @JsonProperty("RoundRobin")
  ROUND_ROBIN,

  /** Of two chosen at random the one with fewer connections. */
  @JsonProperty("LeastRequest")
  LEAST_REQUEST,

  /** At random. */
  @JsonProperty("Random")
  RANDOM,

  /** The same endpoint for the same client address, as long as it can be used. */
  @JsonProperty("SourceHash")
  SOURCE_HASH
}
