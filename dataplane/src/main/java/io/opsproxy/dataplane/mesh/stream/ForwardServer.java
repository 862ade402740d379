package io.opsproxy.dataplane.mesh.stream;

import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.HostName;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner's side of a forward: what other peers ask this one for.
 *
 * <p>Nothing on the wire decides where this peer connects to: the name and the backend must be a
 * pair that this peer told the other one, and what is connected then is the service of the
 * configuration.
 */
public final class ForwardServer {
  private static final Logger log = LoggerFactory.getLogger(ForwardServer.class);
  private final ThisPeer peer;
  private final Set<Forward> active = ConcurrentHashMap.newKeySet();

  public ForwardServer(ThisPeer peer) {
    this.peer = peer;
  }

  /** Forwards that are being served. Any thread. */
  public int active() {
    return active.size();
  }

  /** Ends all, soon. Any thread. */
  public void stopAll() {
    active.forEach(one -> one.loop().execute(one::stop));
  }

  /**
   * Serves one, on a loop of its own choice, or refuses it.
   *
   * @param rule the name of the configuration that it stands on; empty when the other peer was not
   *     told of that name with that backend
   * @param asked the name in the request
   * @param backend the backend in the request, if there was one
   */
  public void serve(
      Requester requester,
      String id,
      Optional<HostName> rule,
      HostName asked,
      Optional<HostPort> backend) {
    Optional<Upstream> upstream = rule.flatMap(peer::localRoute);
    if (backend.isEmpty()) {
      refuse(requester, id, asked, backend, ErrorReason.EMPTY_BACKEND, "it names no backend");
    } else if (upstream.isEmpty()) {
      refuse(
          requester,
          id,
          asked,
          backend,
          ErrorReason.FORWARD_REFUSED,
          "this peer did not offer that name with that backend");
    } else if (!peer.hasRoom()) {
      refuse(requester, id, asked, backend, ErrorReason.LIMIT, "too many connections");
    } else {
      Forward one = new Forward(peer, requester, id, upstream.get(), active::remove);
      active.add(one);
      one.loop().execute(one::start);
    }
  }

  private void refuse(
      Requester requester,
      String id,
      HostName asked,
      Optional<HostPort> backend,
      ErrorReason reason,
      String why) {
    peer.metrics().unknown().forwardFailed(reason);
    log.warn(
        "forward from peer {} for \"{}\" to {} refused: {}",
        requester.describe(),
        asked,
        backend.map(HostPort::toString).orElse("nothing"),
        why);
    requester.failed(id, reason.label());
  }
}
