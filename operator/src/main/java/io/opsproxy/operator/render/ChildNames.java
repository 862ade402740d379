package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.IdentityMode;
import io.opsproxy.api.v1alpha1.ProxyPeerSpec;

/** Names of the children of a peer. */
public final class ChildNames {
  private ChildNames() {}

  public static String configMap(String peer) {
    return peer + "-config";
  }

  /** Addresses for people and old tools, where they do not fit beside the configuration. */
  public static String addresses(String peer) {
    return peer + "-addr";
  }

  /** The Secret with the certificate of a peer that has one. */
  public static String identity(String peer, ProxyPeerSpec spec) {
    return spec.mesh().identity().mode() == IdentityMode.ISSUED
        ? peer + "-identity"
        : spec.mesh().identity().secretName();
  }

  /** The ConfigMap with the certificates of the authority that issues for the peer. */
  public static String trust(String peer) {
    return peer + "-trust";
  }

  public static String dashboard(String peer) {
    return peer + "-dashboard";
  }

  /** The Service without an address of its own, whose name has those of all pods. */
  public static String headless(String peer) {
    return peer + "-peers";
  }
}
