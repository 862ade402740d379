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
 * Ejection of endpoints that fail to connect.
 *
 * @param consecutiveConnectFailures Failed connects in a row that eject an endpoint.
 * @param interval How often ejected endpoints are looked at for their return.
 * @param baseEjectionTime Length of the first ejection; the n-th lasts n times as long.
 * @param maxEjectionTime Bound of that.
 * @param maxEjectionPercent An endpoint is ejected only if the share of ejected ones with it stays
 *     within this.
 * @param alwaysEjectOneHost Eject one whatever the percentage says.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "duration(self.maxEjectionTime) >= duration(self.baseEjectionTime)",
    message = "maxEjectionTime, 5m unless set, must not be shorter than baseEjectionTime")
public record OutlierDetection(
    @JsonPropertyDescription("Failed connects in a row that eject an endpoint.")
        @Min(1)
        @Default("5")
        Integer consecutiveConnectFailures,
    @JsonPropertyDescription("How often ejected endpoints are looked at for their return.")
        @Size(max = 32)
        @Default("10s")
        @Text(TextFormat.DURATION)
        String interval,
    @JsonPropertyDescription("Length of the first ejection; the n-th lasts n times as long.")
        @Size(max = 32)
        @Default("30s")
        @Text(TextFormat.DURATION)
        String baseEjectionTime,
    @JsonPropertyDescription("Bound of that.")
        @Size(max = 32)
        @Default("5m")
        @Text(TextFormat.DURATION)
        String maxEjectionTime,
    @JsonPropertyDescription(
            "An endpoint is ejected only if the share of ejected ones with it stays within this.")
        @Min(0)
        @Max(100)
        @Default("10")
        Integer maxEjectionPercent,
    @JsonPropertyDescription("Eject one whatever the percentage says.") @Default("false")
        Boolean alwaysEjectOneHost) {
  public OutlierDetection {
    consecutiveConnectFailures =
        consecutiveConnectFailures == null ? 5 : consecutiveConnectFailures;
    interval = interval == null ? "10s" : interval;
    baseEjectionTime = baseEjectionTime == null ? "30s" : baseEjectionTime;
    maxEjectionTime = maxEjectionTime == null ? "5m" : maxEjectionTime;
    maxEjectionPercent = maxEjectionPercent == null ? 10 : maxEjectionPercent;
    alwaysEjectOneHost = alwaysEjectOneHost == null ? false : alwaysEjectOneHost;
  }
}
