package io.opsproxy.operator.reconcile;

import io.opsproxy.operator.render.ObjectKey;

/** Has objects looked at again. Thread-safe, never blocks. */
interface Triggers {
  /** Of a peer that may not exist. */
  void peer(ObjectKey peer);

  /** Of an ExposedService that may not exist. */
  void service(ObjectKey service);

  /** The peer does not exist any more. */
  void peerGone(ObjectKey peer);

  /** The ExposedService does not exist any more. */
  void serviceGone(ObjectKey service);
}
