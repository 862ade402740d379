package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.IdentityMode;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import java.util.Set;
import java.util.TreeSet;

/**
 * The peers of this cluster that a peer is to link with, as references and admission say: what one
 * dials, and the other admits. Pure function.
 */
final class Neighbours {
  private Neighbours() {}

  /**
   * Those of them that the operator issues for, and the peer itself, for its replicas; none when it
   * does not issue for this one.
   */
  static Set<ObjectKey> issued(ProxyPeer peer, Lookup lookup) {
    Set<ObjectKey> neighbours = new TreeSet<>();
    if (!isIssued(peer)) {
      return neighbours;
    }
    ObjectKey key = ObjectKey.of(peer);
    for (ObjectKey dialled : References.peers(peer)) {
      lookup
          .peer(dialled)
          .filter(Neighbours::isIssued)
          .filter(other -> Admission.admits(other, key.namespace(), lookup))
          .ifPresent(other -> neighbours.add(dialled));
    }
    for (ProxyPeer other : lookup.peersNaming(key)) {
      ObjectKey from = ObjectKey.of(other);
      if (isIssued(other) && Admission.admits(peer, from.namespace(), lookup)) {
        neighbours.add(from);
      }
    }
    // its replicas are linked to each other
    neighbours.add(key);
    return neighbours;
  }

  private static boolean isIssued(ProxyPeer peer) {
    return peer.getSpec().mesh().identity().mode() == IdentityMode.ISSUED;
  }
}
