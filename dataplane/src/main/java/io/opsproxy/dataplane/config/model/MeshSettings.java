package io.opsproxy.dataplane.config.model;

import io.opsproxy.dataplane.config.value.Cidr;
import java.util.List;
import java.util.Optional;

/**
 * The {@code mesh:} section.
 *
 * @param legacyPeers sources that may open protocol v1 links and DATA connections; empty Optional
 *     means anyone
 */
public record MeshSettings(Optional<List<Cidr>> legacyPeers) {
  public MeshSettings {
    legacyPeers =
        legacyPeers.isPresent() ? Optional.of(List.copyOf(legacyPeers.get())) : Optional.empty();
  }
}
