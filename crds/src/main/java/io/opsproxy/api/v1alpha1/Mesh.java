package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * Rules of the links to other peers.
 *
 * @param legacyPeers Source addresses that may open links, as CIDRs; anyone by default. An empty
 *     list is nobody.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Mesh(
    @JsonPropertyDescription(
            "Source addresses that may open links, as CIDRs; anyone by default. An empty list is nobody.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Size(max = 256)
        @Keyed
        List<@Size(max = 64) @Text(TextFormat.ADDRESS_RANGE) String> legacyPeers) {
  /** What holds where nothing is said. */
  public static final Mesh DEFAULT = new Mesh(null);

  public Mesh {
    legacyPeers = legacyPeers == null ? null : List.copyOf(legacyPeers);
  }
}
