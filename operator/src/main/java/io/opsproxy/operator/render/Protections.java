package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.render.Attachment.Served;
import java.util.ArrayList;
import java.util.List;

/** What keeps the pods of a peer from harm, and others from harm by them. */
final class Protections {
  private static final int DNS = 53;

  private Protections() {}

  /** One pod at a time may be evicted; one that is broken anyway, always. */
  static PodDisruptionBudget budget(ProxyPeer peer) {
    String name = peer.getMetadata().getName();
    return new PodDisruptionBudgetBuilder()
        .withMetadata(Child.meta(peer, name))
        .withNewSpec()
        .withMaxUnavailable(new IntOrString(1))
        .withUnhealthyPodEvictionPolicy("AlwaysAllow")
        .withNewSelector()
        .withMatchLabels(Labels.selector(name))
        .endSelector()
        .endSpec()
        .build();
  }

  /**
   * In: the ports that the pods have. Out: DNS, and the ports of remote peers and of endpoints, by
   * number, because an address may be a name. A policy sees the port of a pod, not that of the
   * Service before it, so both are admitted; where the port of the pod cannot be known, everything
   * is.
   *
   * @param egress ports that the connections of the pods go to
   */
  static NetworkPolicy policy(ProxyPeer peer, List<Served> served, Egress egress) {
    String name = peer.getMetadata().getName();
    List<NetworkPolicyPort> in = new ArrayList<>();
    in.add(tcp(new IntOrString(peer.getSpec().listen().proxyPort())));
    in.add(tcp(new IntOrString(peer.getSpec().listen().metricsPort())));
    ServicePorts.listeners(served).forEach(port -> in.add(tcp(new IntOrString(port.inPod()))));
    NetworkPolicyEgressRuleBuilder rule = new NetworkPolicyEgressRuleBuilder();
    // What CONNECT may reach is not bounded by ports.
    if (egress.known() && peer.getSpec().access().connect().isEmpty()) {
      rule.addToPorts(port("UDP", new IntOrString(DNS)), port("TCP", new IntOrString(DNS)));
      egress.ports().forEach(port -> rule.addToPorts(tcp(port)));
    }
    return new NetworkPolicyBuilder()
        .withMetadata(Child.meta(peer, name))
        .withNewSpec()
        .withNewPodSelector()
        .withMatchLabels(Labels.selector(name))
        .endPodSelector()
        .withPolicyTypes("Ingress", "Egress")
        .addNewIngress()
        .withPorts(in)
        .endIngress()
        .withEgress(rule.build())
        .endSpec()
        .build();
  }

  private static NetworkPolicyPort tcp(IntOrString port) {
    return port("TCP", port);
  }

  private static NetworkPolicyPort port(String protocol, IntOrString port) {
    return new NetworkPolicyPortBuilder().withProtocol(protocol).withPort(port).build();
  }
}
