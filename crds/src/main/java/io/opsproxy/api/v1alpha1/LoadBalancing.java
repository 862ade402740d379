package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * How connections are spread over the endpoints.
 *
 * @param policy RoundRobin, LeastRequest, Random, or SourceHash: the same endpoint for the same
 *     client address.
 * @param panicThreshold Percentage of healthy endpoints below which all of them are used; 0 means
 *     never.
 * @param maxConnections Connections that may be open to the service from one pod; no bound by
 *     default.
 * @param maxPending Connections that may be in the making; no bound by default.
 * @param maxRetries Attempts under way that are not the first of their connection; no bound by
 *     default.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LoadBalancing(
    @JsonPropertyDescription(
            "RoundRobin, LeastRequest, Random, or SourceHash: the same endpoint for the same client address.")
        @Default("RoundRobin")
        BalancingPolicy policy,
    @JsonPropertyDescription(
            "Percentage of healthy endpoints below which all of them are used; 0 means never.")
        @Min(0)
        @Max(100)
        @Default("50")
        Integer panicThreshold,
    @JsonPropertyDescription(
            "Connections that may be open to the service from one pod; no bound by default.")
        @Min(1)
        Integer maxConnections,
    @JsonPropertyDescription("Connections that may be in the making; no bound by default.") @Min(1)
        Integer maxPending,
    @JsonPropertyDescription(
            "Attempts under way that are not the first of their connection; no bound by default.")
        @Min(1)
        Integer maxRetries) {
  /** What holds where nothing is said. */
  public static final LoadBalancing DEFAULT = new LoadBalancing(null, null, null, null, null);

  public LoadBalancing {
    policy = policy == null ? BalancingPolicy.ROUND_ROBIN : policy;
    panicThreshold = panicThreshold == null ? 50 : panicThreshold;
  }
}
