package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.IdentityMode;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.api.v1alpha1.ProxyPeerSpec;
import io.opsproxy.api.v1alpha1.RemotePeer;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The peers that a peer dials.
 *
 * @param addresses each once, in the order of the spec; what does not resolve is left out
 * @param replicas where the peer's own pods find each other, which share what they have learned;
 *     empty where there is one alone, or where pods have no identity to know each other by
 * @param egress ports that the links go to
 * @param resolved of the status
 */
record RemotePeers(
    List<HostPort> addresses, Optional<HostPort> replicas, Egress egress, Finding resolved) {

  /** All that the pods dial. */
  List<HostPort> dialled() {
    return Stream.concat(addresses.stream(), replicas.stream()).distinct().toList();
  }

  static RemotePeers of(ProxyPeer peer, Lookup lookup, Site site) {
    Set<HostPort> addresses = new LinkedHashSet<>();
    List<Egress> egress = new ArrayList<>();
    String namespace = peer.getMetadata().getNamespace();
    List<Finding> problems = new ArrayList<>();
    List<RemotePeer> remotes = peer.getSpec().remotePeers();
    for (int i = 0; i < remotes.size(); i++) {
      RemotePeer remote = remotes.get(i);
      String path = "spec.remotePeers[" + i + "]";
      if (remote.peerRef() == null) {
        if (remote.address() == null) {
          throw new RefusedSpec(path, "needs address or peerRef");
        }
        HostPort to = RefusedSpec.parse(path + ".address", remote.address(), HostPort::parse);
        addresses.add(to);
        egress.add(ServiceTarget.behind(to.host(), to.port(), namespace, lookup));
        continue;
      }
      ObjectKey key = ObjectKey.of(remote.peerRef(), peer.getMetadata().getNamespace());
      Optional<ProxyPeer> found = lookup.peer(key);
      Optional<Finding> problem = problem(path, peer, key, found, lookup);
      if (problem.isPresent()) {
        problems.add(problem.get());
      } else {
        int port = found.orElseThrow().getSpec().listen().proxyPort();
        addresses.add(site.peer(key, port));
        // Its pods are dialled, at the very port.
        egress.add(Egress.of(port));
      }
    }
    Optional<HostPort> replicas = replicas(peer, site);
    replicas.ifPresent(own -> egress.add(Egress.of(own.port())));
    return new RemotePeers(
        List.copyOf(addresses),
        replicas,
        Egress.sum(egress),
        problems.isEmpty()
            ? Finding.of(ConditionType.RESOLVED_REFS, Reason.RESOLVED_REFS)
            : Finding.of(
                ConditionType.RESOLVED_REFS,
                problems.get(0).reason(),
                String.join("; ", problems.stream().map(Finding::message).toList())));
  }

  private static Optional<HostPort> replicas(ProxyPeer peer, Site site) {
    ProxyPeerSpec spec = peer.getSpec();
    return site.hasReplicas()
            && spec.replicas() > 1
            && spec.mesh().identity().mode() == IdentityMode.ISSUED
        ? Optional.of(site.peer(ObjectKey.of(peer), spec.listen().proxyPort()))
        : Optional.empty();
  }

  private static Optional<Finding> problem(
      String path, ProxyPeer peer, ObjectKey key, Optional<ProxyPeer> found, Lookup lookup) {
    if (key.equals(ObjectKey.of(peer))) {
      throw new RefusedSpec(path + ".peerRef", "is this ProxyPeer itself; remove it");
    }
    if (found.isEmpty()) {
      return Optional.of(
          Finding.of(
              ConditionType.RESOLVED_REFS,
              Reason.PEER_NOT_FOUND,
              path + ".peerRef: ProxyPeer " + key + " does not exist; create it, or remove this"));
    }
    String namespace = peer.getMetadata().getNamespace();
    return Admission.admits(found.get(), namespace, lookup)
        ? Optional.empty()
        : Optional.of(
            Finding.of(
                ConditionType.RESOLVED_REFS,
                Reason.NOT_ALLOWED_BY_PEER,
                path + ".peerRef: " + Admission.refusal(found.get(), namespace)));
  }
}
