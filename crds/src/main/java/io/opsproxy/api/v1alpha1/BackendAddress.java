package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * One endpoint.
 *
 * @param address Host and port.
 * @param weight Share of connections relative to the other endpoints.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BackendAddress(
    @JsonPropertyDescription("Host and port.")
        @Required
        @Pattern("^(\\[[0-9a-fA-F:.]+\\]|[a-zA-Z0-9]([-a-zA-Z0-9._]*[a-zA-Z0-9])?):[0-9]{1,5}$")
        @Size(min = 3, max = 261)
        String address,
    @JsonPropertyDescription("Share of connections relative to the other endpoints.")
        @Min(1)
        @Max(128)
        @Default("1")
        Integer weight) {
  public BackendAddress {
    weight = weight == null ? 1 : weight;
  }
}
