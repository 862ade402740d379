package io.opsproxy.dataplane.mesh;

import io.opsproxy.dataplane.mesh.names.Peers;

/**
 * Something about the other peers that a person should look at, though connections go on.
 *
 * @param subject what it is about
 * @param message what is wrong
 * @param remedy what to do
 */
public record MeshProblem(String subject, String message, String remedy) {

  static MeshProblem of(Peers.SharedName shared) {
    return new MeshProblem(
        "peer " + shared.name(),
        "several peers call themselves so: "
            + String.join(" and ", shared.origins())
            + "; connections are shared between them",
        "give each a peer.peer_name of its own; if they are copies of one machine, its other settings"
            + " may have been copied as well");
  }
}
