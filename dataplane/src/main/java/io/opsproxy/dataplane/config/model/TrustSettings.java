package io.opsproxy.dataplane.config.model;

import io.opsproxy.dataplane.config.value.NamePattern;
import io.opsproxy.dataplane.config.value.PeerPattern;
import java.util.List;

/**
 * An item of {@code mesh.trust}: whose certificates are believed, and for what.
 *
 * @param ca PEM bundle of authorities
 * @param peers which ids; never empty
 * @param names which names they may own here; never empty
 * @param transit whether they may bring names that others own
 */
public record TrustSettings(
    NamedFile ca, List<PeerPattern> peers, List<NamePattern> names, boolean transit) {
  public TrustSettings {
    peers = List.copyOf(peers);
    names = List.copyOf(names);
  }
}
