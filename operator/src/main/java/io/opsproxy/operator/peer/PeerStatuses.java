package io.opsproxy.operator.peer;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.opsproxy.api.v1alpha1.AddressType;
import io.opsproxy.api.v1alpha1.AttachedServices;
import io.opsproxy.api.v1alpha1.PeerAddress;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.api.v1alpha1.ProxyPeerStatus;
import io.opsproxy.api.v1alpha1.RemotePeerStatus;
import io.opsproxy.api.v1alpha1.ReplicaStatus;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.operator.cluster.ClusterCache;
import io.opsproxy.operator.identity.Identities;
import io.opsproxy.operator.observe.PodView;
import io.opsproxy.operator.render.Labels;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.PeerPorts;
import io.opsproxy.operator.render.Rendered;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Conditions;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The status of a peer, from what was rendered, what the cluster has, and what the pods say. */
final class PeerStatuses {
  private final ClusterCache cache;

  PeerStatuses(ClusterCache cache) {
    this.cache = cache;
  }

  /** Hosts under which the front Service is reached, the one of the cluster first. */
  List<String> hosts(ObjectKey peer) {
    List<String> hosts = new ArrayList<>();
    hosts.add(peer.name() + "." + peer.namespace() + ".svc");
    Optional<Service> service = cache.service(peer);
    if (service.isPresent()
        && service.get().getStatus() != null
        && service.get().getStatus().getLoadBalancer() != null) {
      for (LoadBalancerIngress ingress : service.get().getStatus().getLoadBalancer().getIngress()) {
        // One of them, both, or neither while only ports are known.
        Stream.of(ingress.getIp(), ingress.getHostname())
            .filter(host -> host != null && !host.isEmpty())
            .forEach(hosts::add);
      }
    }
    return hosts.stream().distinct().toList();
  }

  /**
   * The whole of it.
   *
   * @param accepted as the API server and the renderer have it
   * @param hash of what the pods are to run; empty when nothing has ever been rendered
   * @param identity empty when the peer is to have none
   * @param rollout why the pods are not those of the present template; empty when they are
   */
  ProxyPeerStatus of(
      ProxyPeer peer,
      Rendered rendered,
      Finding accepted,
      String hash,
      Optional<Identities.State> identity,
      List<PodView> pods,
      Optional<Finding> rollout) {
    ObjectKey key = ObjectKey.of(peer);
    int desired = peer.getSpec().replicas();
    ProxyPeerStatus before = peer.getStatus();
    Instant now = Instant.now();
    List<RemotePeerStatus> remotes =
        PeerFindings.remotes(
            rendered.config().map(Rendered.PodConfig::remotePeers).orElse(List.of()),
            pods,
            before == null ? List.of() : before.remotePeers(),
            now);
    Finding programmed = PeerFindings.programmed(desired, hash, pods, stuck(key));
    List<Finding> findings = new ArrayList<>();
    findings.add(accepted);
    findings.add(rendered.resolvedRefs());
    identity.map(Identities.State::trusted).ifPresent(findings::add);
    findings.add(programmed);
    findings.add(PeerFindings.connected(remotes, desired, pods));
    findings.add(MeshAccess.finding(peer));
    // A remote place that is down does not make this one unready.
    List<Finding> parts = new ArrayList<>(List.of(accepted, rendered.resolvedRefs()));
    identity.map(Identities.State::trusted).ifPresent(parts::add);
    rollout.ifPresent(parts::add);
    parts.add(programmed);
    if (desired > 0 && pods.stream().noneMatch(PodView::ready)) {
      parts.add(Finding.of(ConditionType.READY, Reason.NO_READY_POD));
    }
    findings.add(ready(parts, desired));
    List<Condition> old = before == null ? null : before.conditions();
    List<Condition> conditions =
        Conditions.merge(old, findings, peer.getMetadata().getGeneration(), now);
    int served =
        (int) rendered.services().values().stream().filter(one -> one.served().isPresent()).count();
    return new ProxyPeerStatus(
        peer.getMetadata().getGeneration(),
        conditions,
        hash.isEmpty() ? null : hash,
        Labels.selector(key.name()).entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(",")),
        new ReplicaStatus(
            desired,
            pods.size(),
            (int) pods.stream().filter(PodView::ready).count(),
            PeerFindings.programmed(desired, hash, pods)),
        hosts(key).stream().map(host -> address(host, PeerPorts.front(peer))).toList(),
        remotes,
        identity.flatMap(Identities.State::status).orElse(null),
        new AttachedServices(served, rendered.services().size() - served));
  }

  private static Finding ready(List<Finding> parts, int desired) {
    Finding ready = Conditions.ready(parts);
    return ready.holds() && desired == 0
        ? Finding.of(
            ConditionType.READY,
            Reason.READY,
            "spec.replicas is 0: there are no pods, as asked for, and nothing is served")
        : ready;
  }

  /**
   * @param host a name, or an IP address as the API server writes them
   */
  static PeerAddress address(String host, int port) {
    // The last label of a name is no number, and no name has a colon.
    boolean ip = host.indexOf(':') >= 0 || Character.isDigit(host.charAt(host.length() - 1));
    return new PeerAddress(
        ip ? AddressType.IP_ADDRESS : AddressType.HOSTNAME, new HostPort(host, port).toString());
  }

  /** Why the cluster does not make the pods, as the Deployment says. */
  private String stuck(ObjectKey peer) {
    return cache
        .child("Deployment", peer)
        .map(one -> ((Deployment) one).getStatus())
        .map(
            status ->
                status.getConditions().stream()
                    .filter(one -> one.getType().equals("ReplicaFailure"))
                    .filter(one -> one.getStatus().equals("True"))
                    .map(one -> one.getMessage())
                    .findFirst()
                    .orElse(""))
        .orElse("");
  }
}
