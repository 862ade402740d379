package io.opsproxy.operator.render;

/**
 * What is decided about peers outside of their objects.
 *
 * @param peerImage image of the pods whose template names none
 * @param site where they run
 * @param issuer who issues their certificates
 */
public record Options(String peerImage, Site site, Issuer issuer) {
  /** For pods, while nobody knows who issues. */
  public static Options forPods(String peerImage) {
    return new Options(peerImage, Site.CLUSTER, Issuer.UNKNOWN);
  }

  /** The same with another issuer. */
  public Options with(Issuer other) {
    return new Options(peerImage, site, other);
  }
}
