package io.opsproxy.dataplane.why;

import io.opsproxy.dataplane.mesh.PeerStatus;

/** What can be said of a link that is down, and what to do about it. */
final class LinkAdvice {
  private LinkAdvice() {}

  static boolean isDown(PeerStatus peer) {
    return peer.isDown();
  }

  static String subject(PeerStatus peer) {
    return "link to " + peer.address();
  }

  static String message(PeerStatus peer) {
    return peer.state() + (peer.error() == null ? "" : ": " + peer.error());
  }

  /** The way out, by what the last attempt said. */
  static String remedy(PeerStatus peer) {
    String error = peer.error() == null ? "" : peer.error();
    String host = peer.address().replaceFirst(":\\d+$", "");
    if (error.isEmpty()) {
      return "nothing yet: it is being dialled; ask again in a few seconds";
    }
    if (error.startsWith("cannot look up")) {
      return "see that the name exists and that the name server of this machine answers (getent hosts "
          + host
          + "), or write an IP address into peer.remote_peer_addr";
    }
    if (error.contains("connection refused")) {
      return "see that a peer runs there and listens on that port for others too (its bind_addr), or"
          + " correct peer.remote_peer_addr";
    }
    if (error.contains("no answer in time") || error.contains("no route to host")) {
      return "see that no firewall, security group or NetworkPolicy is in the way, or correct"
          + " peer.remote_peer_addr";
    }
    if (error.contains("is this the port of a peer?")) {
      return "write the address where that peer listens for clients and peers (its bind_addr, usually"
          + " port 6443) into peer.remote_peer_addr, not that of its status pages or of a backend";
    }
    if (error.contains("refused the registration")) {
      return "the log of that peer says more; see which names both of you serve, and its"
          + " mesh.legacy_peers";
    }
    return "the log of that peer says more";
  }
}
