package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * One active check of every endpoint.
 *
 * @param timeout Limit of one check.
 * @param interval From the end of one check to the start of the next.
 * @param unhealthyInterval The same for an endpoint that is unhealthy; that of interval by default.
 * @param intervalJitter Largest random time added to an interval; none by default.
 * @param unhealthyThreshold Failures in a row that make an endpoint unhealthy. An HTTP answer with
 *     an unexpected status does so at once.
 * @param healthyThreshold Successes in a row that make it healthy again; at the first check, one is
 *     enough.
 * @param http Ask for a page.
 * @param tcp Connect.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "has(self.http) || has(self.tcp)",
    message = "a health check needs http or tcp")
public record HealthCheck(
    @JsonPropertyDescription("Limit of one check.")
        @Size(max = 32)
        @Default("5s")
        @Text(TextFormat.DURATION)
        String timeout,
    @JsonPropertyDescription("From the end of one check to the start of the next.")
        @Size(max = 32)
        @Default("10s")
        @Text(TextFormat.DURATION)
        String interval,
    @JsonPropertyDescription(
            "The same for an endpoint that is unhealthy; that of interval by default.")
        @Size(max = 32)
        @Text(TextFormat.DURATION)
        String unhealthyInterval,
    @JsonPropertyDescription("Largest random time added to an interval; none by default.")
        @Size(max = 32)
        @Text(TextFormat.DURATION_OR_ZERO)
        String intervalJitter,
    @JsonPropertyDescription(
            "Failures in a row that make an endpoint unhealthy. An HTTP answer with an unexpected status does so at once.")
        @Min(1)
        @Max(100)
        @Default("3")
        Integer unhealthyThreshold,
    @JsonPropertyDescription(
            "Successes in a row that make it healthy again; at the first check, one is enough.")
        @Min(1)
        @Max(100)
        @Default("2")
        Integer healthyThreshold,
    @JsonPropertyDescription("Ask for a page.") HttpCheck http,
    @JsonPropertyDescription("Connect.") TcpCheck tcp) {
  public HealthCheck {
    timeout = timeout == null ? "5s" : timeout;
    interval = interval == null ? "10s" : interval;
    unhealthyThreshold = unhealthyThreshold == null ? 3 : unhealthyThreshold;
    healthyThreshold = healthyThreshold == null ? 2 : healthyThreshold;
  }
}
