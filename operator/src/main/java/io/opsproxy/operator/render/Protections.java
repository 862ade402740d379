package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.api.v1alpha1.ServiceReference;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.dataplane.config.ServiceConfig.Endpoint;
import io.opsproxy.operator.render.Attachment.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
   * @param services the objects behind what is served
   */
  static NetworkPolicy policy(
      ProxyPeer peer,
      List<HostPort> remotes,
      List<Served> served,
      List<ExposedService> services,
      Lookup lookup) {
    String name = peer.getMetadata().getName();
    List<NetworkPolicyPort> in = new ArrayList<>();
    in.add(tcp(new IntOrString(peer.getSpec().listen().proxyPort())));
    in.add(tcp(new IntOrString(peer.getSpec().listen().metricsPort())));
    ServicePorts.listenerPorts(served).forEach(port -> in.add(tcp(new IntOrString(port))));
    Optional<List<IntOrString>> out = egress(peer, remotes, served, services, lookup);
    NetworkPolicyEgressRuleBuilder rule = new NetworkPolicyEgressRuleBuilder();
    if (out.isPresent()) {
      rule.addToPorts(port("UDP", new IntOrString(DNS)), port("TCP", new IntOrString(DNS)));
      out.get().forEach(port -> rule.addToPorts(tcp(port)));
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

  /** Ports in a fixed order; empty when they cannot be told. */
  private static Optional<List<IntOrString>> egress(
      ProxyPeer peer,
      List<HostPort> remotes,
      List<Served> served,
      List<ExposedService> services,
      Lookup lookup) {
    if (!peer.getSpec().access().connect().isEmpty()) {
      return Optional.empty();
    }
    Map<String, IntOrString> ports = new TreeMap<>();
    remotes.forEach(remote -> add(new IntOrString(remote.port()), ports));
    for (Served one : served) {
      for (Endpoint endpoint : one.service().endpoints()) {
        add(new IntOrString(endpoint.address().port()), ports);
      }
    }
    for (ExposedService service : services) {
      ServiceReference reference = service.getSpec().backend().serviceRef();
      if (reference == null) {
        continue;
      }
      Optional<Service> found = lookup.service(Backends.serviceOf(service, reference));
      if (found.isEmpty()) {
        if (lookup.knowsServices()) {
          continue;
        }
        return Optional.empty();
      }
      Map<String, String> selector = found.get().getSpec().getSelector();
      if (selector == null || selector.isEmpty()) {
        // Its addresses, and their ports, are somebody's own business.
        return Optional.empty();
      }
      for (ServicePort port : found.get().getSpec().getPorts()) {
        if (reference.port().equals(port.getPort()) && port.getTargetPort() != null) {
          add(port.getTargetPort(), ports);
        }
      }
    }
    return Optional.of(List.copyOf(ports.values()));
  }

  private static void add(IntOrString port, Map<String, IntOrString> ports) {
    String text =
        port.getIntVal() != null ? String.format("%05d", port.getIntVal()) : port.getStrVal();
    ports.put(text, port);
  }

  private static NetworkPolicyPort tcp(IntOrString port) {
    return port("TCP", port);
  }

  private static NetworkPolicyPort port(String protocol, IntOrString port) {
    return new NetworkPolicyPortBuilder().withProtocol(protocol).withPort(port).build();
  }
}
