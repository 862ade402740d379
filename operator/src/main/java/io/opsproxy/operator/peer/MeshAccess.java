package io.opsproxy.operator.peer;

import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.api.v1alpha1.ServiceType;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.util.List;

/** Whether strangers may link to a peer, and with that bring names of their own. Pure function. */
final class MeshAccess {
  private MeshAccess() {}

  static Finding finding(ProxyPeer peer) {
    ServiceType type = peer.getSpec().service().type();
    List<String> sources = peer.getSpec().mesh().legacyPeers();
    // Certificates take the place of "anyone", unless somebody says otherwise.
    boolean anyone =
        sources == null
            ? !peer.getSpec().mesh().hasIdentity()
            : sources.stream().anyMatch(one -> one.endsWith("/0"));
    if (type == ServiceType.CLUSTER_IP || !anyone) {
      return Finding.of(ConditionType.MESH_OPEN, Reason.LINKS_BOUNDED);
    }
    return Finding.of(
        ConditionType.MESH_OPEN,
        Reason.ANYONE_MAY_LINK,
        "whoever reaches this Service of type "
            + (type == ServiceType.NODE_PORT ? "NodePort" : "LoadBalancer")
            + " may link and bring names; name the sources that may in spec.mesh.legacyPeers, []"
            + " for nobody");
  }
}
