package io.opsproxy.operator.render;

/**
 * What is decided about peers outside of their objects.
 *
 * @param peerImage image of the pods whose template names none
 * @param site where they run
 */
public record Options(String peerImage, Site site) {
  /** For pods. */
  public static Options forPods(String peerImage) {
    return new Options(peerImage, Site.CLUSTER);
  }
}
