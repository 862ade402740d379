package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Ports of the pods, and of the Services in front of them.
 *
 * @param proxyPort Port for clients and for other peers.
 * @param metricsPort Port of metrics, health and status pages.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "self.proxyPort != self.metricsPort",
    message = "proxyPort and metricsPort must differ")
public record Listen(
    @JsonPropertyDescription("Port for clients and for other peers.")
        @Min(1)
        @Max(65535)
        @Default("6443")
        Integer proxyPort,
    @JsonPropertyDescription("Port of metrics, health and status pages.")
        @Min(1)
        @Max(65535)
        @Default("9090")
        Integer metricsPort) {
  public Listen {
    proxyPort = proxyPort == null ? 6443 : proxyPort;
    metricsPort = metricsPort == null ? 9090 : metricsPort;
  }
}
