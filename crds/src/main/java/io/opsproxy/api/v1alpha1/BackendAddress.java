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
 * @param weight Share of connections relative to the other endpoints of its priority.
 * @param priority 0 is used first; endpoints of a higher number are spares, used as far as too few
 *     of the numbers before it are healthy.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BackendAddress(
    @JsonPropertyDescription("Host and port.")
        @Required
        @Size(max = 261)
        @Text(TextFormat.HOST_PORT)
        String address,
    @JsonPropertyDescription(
            "Share of connections relative to the other endpoints of its priority.")
        @Min(1)
        @Max(128)
        @Default("1")
        Integer weight,
    @JsonPropertyDescription(
            "0 is used first; endpoints of a higher number are spares, used as far as too few of the numbers before it are healthy.")
        @Min(0)
        @Max(128)
        @Default("0")
        Integer priority) {
  public BackendAddress {
    weight = weight == null ? 1 : weight;
    priority = priority == null ? 0 : priority;
  }
}
