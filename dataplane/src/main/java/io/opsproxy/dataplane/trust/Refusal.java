package io.opsproxy.dataplane.trust;

import java.util.Locale;

/** Why a link or a name is refused. */
public enum Refusal {
  /** The certificate does not chain to an authority of {@code mesh.trust}, or has no id. */
  UNTRUSTED,
  /** Now is outside the validity of a certificate, at either end of it. */
  EXPIRED,
  /** By {@code mesh.revoked} or a revocation list. */
  REVOKED,
  /** No entry of {@code mesh.trust} with that authority admits the id. */
  PEER_NOT_ALLOWED,
  /** Nothing was shown. */
  NO_CERTIFICATE,
  /** A link of protocol v1 from outside {@code mesh.legacy_peers}. */
  LEGACY_NOT_ALLOWED,
  /** A name outside of {@code names} of the entries that admit its owner. */
  NAME_NOT_ALLOWED,
  /** A name that somebody with precedence owns. */
  NAME_TAKEN,
  /** A name or a connection that has been here before. */
  LOOP;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** The word of {@code ops_proxy_mesh_refusals_total{reason}} and of {@code /status}. */
  public String word() {
    return word;
  }
}
