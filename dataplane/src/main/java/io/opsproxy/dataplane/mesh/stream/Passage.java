package io.opsproxy.dataplane.mesh.stream;

import java.util.List;

/**
 * Which way a stream has come through the mesh, and how far it may still go. Immutable.
 *
 * @param owner id of the peer that it is for; empty: whoever serves the name
 * @param visited ids of the peers that it has come through, this one not included
 * @param left peers that it may still come to
 * @param fromReplica whether a replica of this peer brought it: it has no need to go to another
 */
public record Passage(String owner, List<String> visited, int left, boolean fromReplica) {
  /** Peers that a stream, or the word of a name, passes at most. */
  public static final int MOST_HOPS = 8;

  /** Stands for the id of an owner that has none. */
  public static final String NOBODY = "-";

  /** Of a client of this peer. */
  public static final Passage BEGINNING = new Passage("", List.of(), MOST_HOPS, false);

  public Passage {
    visited = List.copyOf(visited);
  }

  /** The same for the peer with this id; empty: for whoever is asked. */
  public Passage to(String peer) {
    return new Passage(peer, visited, left, fromReplica);
  }
}
