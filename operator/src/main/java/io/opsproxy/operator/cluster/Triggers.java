package io.opsproxy.operator.cluster;

import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.render.ObjectKey;

/** Is told what the watches bring, and has objects looked at again. Thread-safe, never blocks. */
public interface Triggers {
  /** Of a peer that may not exist. */
  void peer(ObjectKey peer);

  /** Of an ExposedService that may not exist. */
  void service(ObjectKey service);

  /** The spec of the peer is another one than before. */
  void changed(ProxyPeer peer);

  /** The spec of the ExposedService is another one than before. */
  void changed(ExposedService service);

  /** The peer, which had this identity, does not exist any more. */
  void peerGone(ObjectKey peer, String uid);

  /** The ExposedService does not exist any more. */
  void serviceGone(ObjectKey service);
}
