package io.opsproxy.dataplane.mesh.names;

/**
 * One peer that is linked, as far as that can be known: its links have one share of the connections
 * to a name. {@link Peers} says which links those are. Any thread.
 */
public final class LinkedPeer {
  private volatile boolean contested;

  /** Whether links of it turned out to be of two peers that say the same behind one address. */
  boolean isContested() {
    return contested;
  }

  void contested(boolean now) {
    contested = now;
  }
}
