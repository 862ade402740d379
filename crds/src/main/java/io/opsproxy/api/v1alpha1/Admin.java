package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/**
 * Pages in the shapes of Envoy, on the loopback address of each pod.
 *
 * @param enabled Whether they are served.
 * @param port Port of the loopback address of the pod.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Admin(
    @JsonPropertyDescription("Whether they are served.") @Default("false") Boolean enabled,
    @JsonPropertyDescription("Port of the loopback address of the pod.")
        @Min(1)
        @Max(65535)
        @Default("10000")
        Integer port) {
  public Admin {
    enabled = enabled == null ? false : enabled;
    port = port == null ? 10000 : port;
  }
}
