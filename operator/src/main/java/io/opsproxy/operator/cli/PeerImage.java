package io.opsproxy.operator.cli;

import picocli.CommandLine.Option;

/** Which image the pods of peers run. */
final class PeerImage {
  private static final String DEFAULT = "ops-proxy/dataplane:latest";

  @Option(
      names = "--peer-image",
      paramLabel = "IMAGE",
      description = "image of peers whose template names none (PEER_IMAGE); " + DEFAULT)
  private String image;

  /** The option, else the variable, else the image of this project. */
  String get() {
    return image != null ? image : System.getenv().getOrDefault("PEER_IMAGE", DEFAULT);
  }
}
