package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;

/**
 * How connections to the endpoints are made.
 *
 * @param timeout Limit of one attempt; that of the peer by default.
 * @param attempts Attempts for one connection, each on an endpoint not tried before.
 * @param tcpKeepalive Probes on idle connections; none when not set.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Connect(
    @JsonPropertyDescription("Limit of one attempt; that of the peer by default.")
        @Size(max = 32)
        @Text(TextFormat.DURATION)
        String timeout,
    @JsonPropertyDescription("Attempts for one connection, each on an endpoint not tried before.")
        @Min(1)
        @Max(16)
        @Default("4")
        Integer attempts,
    @JsonPropertyDescription("Probes on idle connections; none when not set.")
        TcpKeepalive tcpKeepalive) {
  /** What holds where nothing is said. */
  public static final Connect DEFAULT = new Connect(null, null, null);

  public Connect {
    attempts = attempts == null ? 4 : attempts;
  }
}
