package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * Rules of the links to other peers.
 *
 * @param identity Who this peer is to others.
 * @param trust Whom it links with by certificates, beyond the peers of this cluster.
 * @param revoked Whom it does not link with all the same: ids of peers, or serial:HEX for one
 *     certificate.
 * @param transit Whether it tells names that it has learned, and carries their connections.
 * @param legacyPeers Source addresses that may open links of protocol v1, as CIDRs; nobody by
 *     default, anyone where the peer has no identity. An empty list is nobody.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value =
        "self.identity.mode != 'None' || !self.transit"
            + " && (!has(self.trust) || self.trust.size() == 0)"
            + " && (!has(self.revoked) || self.revoked.size() == 0)",
    message = "trust, revoked and transit need an identity: set identity.mode")
public record Mesh(
    @JsonPropertyDescription("Who this peer is to others.") @Default("{}") MeshIdentity identity,
    @JsonPropertyDescription(
            "Whom it links with by certificates, beyond the peers of this cluster.")
        @Size(max = 64)
        @Keyed("name")
        List<TrustedPeers> trust,
    @JsonPropertyDescription(
            "Whom it does not link with all the same: ids of peers, or serial:HEX for one certificate.")
        @Size(max = 256)
        @Keyed
        List<@Size(max = 512) @Text(TextFormat.REVOCATION) String> revoked,
    @JsonPropertyDescription(
            "Whether it tells names that it has learned, and carries their connections.")
        @Default("false")
        Boolean transit,
    @JsonPropertyDescription(
            "Source addresses that may open links of protocol v1, as CIDRs; nobody by default, anyone where the peer has no identity. An empty list is nobody.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Size(max = 256)
        @Keyed
        List<@Size(max = 64) @Text(TextFormat.ADDRESS_RANGE) String> legacyPeers) {
  /** What holds where nothing is said. */
  public static final Mesh DEFAULT = new Mesh(null, null, null, null, null);

  public Mesh {
    identity = identity == null ? MeshIdentity.DEFAULT : identity;
    trust = trust == null ? List.of() : List.copyOf(trust);
    revoked = revoked == null ? List.of() : List.copyOf(revoked);
    transit = transit != null && transit;
    legacyPeers = legacyPeers == null ? null : List.copyOf(legacyPeers);
  }

  /** Whether the peer has a certificate, and with it speaks protocol v2. */
  public boolean hasIdentity() {
    return identity.mode() != IdentityMode.NONE;
  }
}
