package io.opsproxy.operator.render;

/**
 * The authority that issues for the peers of a cluster, as far as their configurations know of it.
 *
 * @param domain of the ids of its peers
 * @param bundle its certificates (PEM), those of its past and future included
 */
public record Issuer(String domain, String bundle) {
  /** Where there is no cluster that has one: shows where it would be. */
  public static final Issuer UNKNOWN =
      new Issuer("mesh-domain", "# The certificates of the operator's authority are here.\n");

  /** Of a peer that it issues for. */
  public String id(ObjectKey peer) {
    return "spiffe://" + domain + "/ns/" + peer.namespace() + "/ppeer/" + peer.name();
  }
}
