package io.opsproxy.dataplane.config.write;

import io.opsproxy.dataplane.config.model.IdentitySettings;
import io.opsproxy.dataplane.config.model.MeshSettings;
import io.opsproxy.dataplane.config.model.TrustSettings;
import io.opsproxy.dataplane.config.schema.MeshKeys;
import io.opsproxy.dataplane.config.value.PeerPattern;
import java.util.ArrayList;
import java.util.List;

/** Writes {@code mesh:}. */
final class MeshWriter {
  private static final List<PeerPattern> ALL = List.of(new PeerPattern("*"));

  private MeshWriter() {}

  static WrittenSection write(MeshSettings mesh) {
    WrittenSection section = new WrittenSection();
    mesh.identity().ifPresent(identity -> section.put(MeshKeys.IDENTITY, identity(identity)));
    List<WrittenSection> trust = new ArrayList<>();
    for (TrustSettings one : mesh.trust()) {
      trust.add(trust(one));
    }
    section.putAll(MeshKeys.TRUST, trust);
    section.putAll(MeshKeys.REVOKED, mesh.revoked());
    mesh.crl().ifPresent(crl -> section.put(MeshKeys.CRL, crl.path()));
    section.put(MeshKeys.TRANSIT, mesh.transit());
    section.put(MeshKeys.DATA_ENCRYPTION, mesh.dataEncryption());
    section.put(MeshKeys.WEIGHT, mesh.weight());
    // An empty list is not the same as none: it admits nobody. With an identity it is the same.
    if (mesh.identity().isEmpty() || !mesh.legacyPeers().orElse(List.of()).isEmpty()) {
      mesh.legacyPeers().ifPresent(peers -> section.putList(MeshKeys.LEGACY_PEERS, peers));
    }
    return section;
  }

  private static WrittenSection identity(IdentitySettings identity) {
    WrittenSection section = new WrittenSection();
    section.put(MeshKeys.CERTIFICATE, identity.certificate().path());
    section.put(MeshKeys.KEY, identity.key().path());
    return section;
  }

  private static WrittenSection trust(TrustSettings trust) {
    WrittenSection section = new WrittenSection();
    section.put(MeshKeys.CA, trust.ca().path());
    if (!trust.peers().equals(ALL)) {
      section.putList(MeshKeys.PEERS, trust.peers());
    }
    section.putList(MeshKeys.NAMES, trust.names());
    section.put(MeshKeys.MAY_TRANSIT, trust.transit());
    return section;
  }
}
