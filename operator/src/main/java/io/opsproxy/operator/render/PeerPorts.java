package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.ProxyPeer;

/** Ports of a peer as clients see them. Pure functions. */
public final class PeerPorts {
  private PeerPorts() {}

  /** Of the Service in front of the pods. */
  public static int front(ProxyPeer peer) {
    Integer port = peer.getSpec().service().port();
    return port == null ? peer.getSpec().listen().proxyPort() : port;
  }
}
