package io.opsproxy.dataplane.config.model;

import io.opsproxy.dataplane.config.value.Cidr;
import io.opsproxy.dataplane.config.value.Revocation;
import java.util.List;
import java.util.Optional;

/**
 * The {@code mesh:} section.
 *
 * @param legacyPeers sources that may open protocol v1 links and DATA connections; empty Optional
 *     means anyone, which never is so with an identity
 * @param identity empty: this peer speaks protocol v1 alone
 * @param trust whom this peer links with by protocol v2; empty without an identity
 * @param revoked whom it does not link with all the same
 * @param crl PEM: revocation lists of the authorities
 * @param transit whether this peer tells names that it has learned, and carries their connections
 * @param weight the share of this peer among the owners of a name, 1-100
 */
public record MeshSettings(
    Optional<List<Cidr>> legacyPeers,
    Optional<IdentitySettings> identity,
    List<TrustSettings> trust,
    List<Revocation> revoked,
    Optional<NamedFile> crl,
    boolean transit,
    DataEncryption dataEncryption,
    int weight) {
  /** Whether what is TLS already is encrypted once more between two peers. */
  public enum DataEncryption {
    AUTO,
    ALWAYS
  }

  public MeshSettings {
    legacyPeers =
        legacyPeers.isPresent() ? Optional.of(List.copyOf(legacyPeers.get())) : Optional.empty();
    trust = List.copyOf(trust);
    revoked = List.copyOf(revoked);
  }

  /** Without an identity. */
  public MeshSettings(Optional<List<Cidr>> legacyPeers) {
    this(
        legacyPeers,
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty(),
        false,
        DataEncryption.AUTO,
        1);
  }
}
