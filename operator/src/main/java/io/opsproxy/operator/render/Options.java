package io.opsproxy.operator.render;

/**
 * What the operator itself decides about the peers that it renders.
 *
 * @param peerImage image of the pods whose template names none
 * @param configDirectory where a peer finds its ConfigMap as files, without a slash at the end
 */
public record Options(String peerImage, String configDirectory) {
  /** Where pods mount their ConfigMap. */
  public static final String MOUNT = "/etc/ops-proxy";

  /** For pods. */
  public static Options forPods(String peerImage) {
    return new Options(peerImage, MOUNT);
  }
}
