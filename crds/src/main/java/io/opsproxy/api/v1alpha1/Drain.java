package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;

/**
 * How a pod that is told to stop ends.
 *
 * @param delay Pause between not ready and the end of accepting, in which the cluster takes the pod
 *     out of its Services.
 * @param timeout How long connections may go on after that.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Drain(
    @JsonPropertyDescription(
            "Pause between not ready and the end of accepting, in which the cluster takes the pod out of its Services.")
        @Size(max = 32)
        @Default("5s")
        @Text(TextFormat.DURATION_OR_ZERO)
        String delay,
    @JsonPropertyDescription("How long connections may go on after that.")
        @Size(max = 32)
        @Default("30s")
        @Text(TextFormat.DURATION_OR_ZERO)
        String timeout) {
  public Drain {
    delay = delay == null ? "5s" : delay;
    timeout = timeout == null ? "30s" : timeout;
  }
}
