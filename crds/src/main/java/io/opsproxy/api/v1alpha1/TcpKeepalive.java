package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * Probes on idle connections to endpoints.
 *
 * @param probes Unanswered probes after which a connection is dead.
 * @param timeSeconds Idle time before the first probe.
 * @param intervalSeconds Time between probes.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record TcpKeepalive(
    @JsonPropertyDescription("Unanswered probes after which a connection is dead.")
        @Min(1)
        @Max(127)
        @Default("3")
        Integer probes,
    @JsonPropertyDescription("Idle time before the first probe.") @Min(1) @Max(32767) @Default("60")
        Integer timeSeconds,
    @JsonPropertyDescription("Time between probes.") @Min(1) @Max(32767) @Default("10")
        Integer intervalSeconds) {
  public TcpKeepalive {
    probes = probes == null ? 3 : probes;
    timeSeconds = timeSeconds == null ? 60 : timeSeconds;
    intervalSeconds = intervalSeconds == null ? 10 : intervalSeconds;
  }
}
