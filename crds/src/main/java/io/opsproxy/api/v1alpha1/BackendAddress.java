package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
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
        @Size(max = 261)
        @Text(TextFormat.HOST_PORT)
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
