package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Min;

/**
 * Bounds of what clients can make a pod hold; 0 means no bound of its own.
 *
 * @param maxConnections Client connections in all.
 * @param maxConnectionsPerSource Client connections from one address.
 * @param maxConnectionsPerName Client connections to one name.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Limits(
    @JsonPropertyDescription("Client connections in all.") @Min(0) @Default("0")
        Integer maxConnections,
    @JsonPropertyDescription("Client connections from one address.") @Min(0) @Default("0")
        Integer maxConnectionsPerSource,
    @JsonPropertyDescription("Client connections to one name.") @Min(0) @Default("0")
        Integer maxConnectionsPerName) {
  /** What holds where nothing is said. */
  public static final Limits DEFAULT = new Limits(null, null, null);

  public Limits {
    maxConnections = maxConnections == null ? 0 : maxConnections;
    maxConnectionsPerSource = maxConnectionsPerSource == null ? 0 : maxConnectionsPerSource;
    maxConnectionsPerName = maxConnectionsPerName == null ? 0 : maxConnectionsPerName;
  }
}
