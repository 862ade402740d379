package io.opsproxy.dataplane.mesh.stream;

import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.dial.Dialler;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.relay.DialOptions;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import java.time.Duration;
import java.util.Map;
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
 *
 * <p>Each link has so many forwards, all together as many as there are sockets for, and each a time
 * to be connected: what lies beyond is refused. Those that are not connected yet go with their
 * link.
 */
public final class ForwardServer {
  private static final Logger log = LoggerFactory.getLogger(ForwardServer.class);
  private final ThisPeer peer;
  private final Set<Forward> active = ConcurrentHashMap.newKeySet();
  private final Map<Requester, Set<Forward>> ofRequester = new ConcurrentHashMap<>();
  private volatile DataDialler dialler;

  private record DataDialler(Duration timeout, Dialler dialler) {}

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

  /** Its link is closed: what is not connected yet is given up, the rest goes on. Any thread. */
  public void gone(Requester requester) {
    Set<Forward> its = ofRequester.remove(requester);
    if (its != null) {
      its.forEach(one -> one.loop().execute(one::linkLost));
    }
  }

  /**
   * Serves one, on a loop of its own choice, or refuses it. On the loop of the link.
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
    Set<Forward> its = ofRequester.computeIfAbsent(requester, one -> ConcurrentHashMap.newKeySet());
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
    } else if (its.size() >= peer.mostForwardsPerLink()) {
      shed(requester, id, "its link has " + its.size() + " (limits.max_forwards_per_link)");
    } else if (active.size() >= peer.mostForwards() || !peer.hasRoom()) {
      shed(requester, id, "there are no sockets for more");
    } else {
      Forward one =
          new Forward(
              peer,
              dialler(),
              requester,
              id,
              asked,
              upstream.get(),
              ended -> {
                active.remove(ended);
                its.remove(ended);
              });
      active.add(one);
      its.add(one);
      one.loop().execute(one::start);
    }
  }

  /** One for all, so that what was learned of an address serves the next one. */
  private Dialler dialler() {
    Duration timeout = Forward.dataTimeout(peer.config().peer().connectionTimeout());
    DataDialler now = dialler;
    if (now == null || !now.timeout.equals(timeout)) {
      now =
          new DataDialler(
              timeout,
              new Dialler(
                  peer.relay(),
                  peer.resolver(),
                  Resolver.Names.BROUGHT,
                  timeout,
                  DialOptions.NONE));
      dialler = now;
    }
    return now.dialler;
  }

  /** Without a line at each: it is the other peer that has too many, and there may be thousands. */
  private void shed(Requester requester, String id, String why) {
    peer.metrics().unknown().forwardFailed(ErrorReason.LIMIT);
    log.debug("forward {} from peer {} refused: {}", id, requester.describe(), why);
    requester.failed(id, ErrorReason.LIMIT.label());
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
