package io.opsproxy.dataplane.trust;

import io.opsproxy.dataplane.config.value.PeerPattern;
import java.util.List;

/**
 * An entry of {@code mesh.trust} with its file read.
 *
 * @param peers ids that it admits
 * @param grant what those may do
 */
record TrustEntry(Authorities authorities, List<PeerPattern> peers, Grant grant) {
  TrustEntry {
    peers = List.copyOf(peers);
  }

  boolean admits(PeerId id) {
    for (PeerPattern pattern : peers) {
      if (pattern.matches(id.value())) {
        return true;
      }
    }
    return false;
  }
}
