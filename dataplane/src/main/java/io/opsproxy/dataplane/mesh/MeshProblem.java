package io.opsproxy.dataplane.mesh;

import io.opsproxy.dataplane.mesh.names.Peers;
import io.opsproxy.dataplane.mesh.names.RefusedName;
import java.time.Instant;

/**
 * Something about the other peers that a person should look at, though connections go on.
 *
 * @param subject what it is about
 * @param message what is wrong
 * @param remedy what to do
 */
public record MeshProblem(String subject, String message, String remedy) {

  static MeshProblem ownCertificateEnds(Instant end) {
    return new MeshProblem(
        "mesh.identity",
        "the certificate of this peer ends at " + end + "; links are cut then",
        "renew it; a new file is taken without a restart");
  }

  static MeshProblem authorityEnds(Instant end) {
    return new MeshProblem(
        "mesh.trust",
        "an authority of this peer's trust ends at " + end + "; links of its peers are cut then",
        "put a file with the old and the new authority in its place, and issue anew");
  }

  static MeshProblem refused(String peer, RefusedName name) {
    return new MeshProblem(
        "name " + name.name(),
        "peer " + peer + " refuses it: " + name.reason() + ": " + name.message(),
        "change that there, or take the name out of this peer's configuration");
  }

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
