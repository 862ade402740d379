package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;

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
public record OutlierDetection(
    @JsonPropertyDescription("Failed connects in a row that eject an endpoint.")
        @Min(1)
        @Default("5")
        Integer consecutiveConnectFailures,
    @JsonPropertyDescription("How often ejected endpoints are looked at for their return.")
        @Pattern("^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$")
        @Size(max = 32)
        @Default("10s")
        String interval,
    @JsonPropertyDescription("Length of the first ejection; the n-th lasts n times as long.")
        @Pattern("^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$")
        @Size(max = 32)
        @Default("30s")
        String baseEjectionTime,
    @JsonPropertyDescription("Bound of that.")
        @Pattern("^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$")
        @Size(max = 32)
        @Default("5m")
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
