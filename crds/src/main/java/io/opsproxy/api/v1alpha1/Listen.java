package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * Ports of the pods, and of the Services in front of them.
 *
 * @param proxyPort Port for clients and for other peers.
 * @param metricsPort Port of metrics, health and status pages.
 * @param tenantPorts Ports that ExposedServices of other namespaces may take as listenerPort, as
 *     PORT or FIRST-LAST; any but the peer's own by default. An empty list is no port.
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
        Integer metricsPort,
    @JsonPropertyDescription(
            "Ports that ExposedServices of other namespaces may take as listenerPort, as PORT or FIRST-LAST; any but the peer's own by default. An empty list is no port.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Size(max = 64)
        @Keyed
        List<@Size(max = 11) @Text(TextFormat.PORT_RANGE) String> tenantPorts) {
  /** What holds where nothing is said. */
  public static final Listen DEFAULT = new Listen(null, null, null);

  public Listen {
    proxyPort = proxyPort == null ? 6443 : proxyPort;
    metricsPort = metricsPort == null ? 9090 : metricsPort;
    tenantPorts = tenantPorts == null ? null : List.copyOf(tenantPorts);
  }
}
