package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.api.v1alpha1.ServiceTemplate;
import io.opsproxy.api.v1alpha1.ServiceType;
import io.opsproxy.api.v1alpha1.TrafficPolicy;
import io.opsproxy.operator.render.Attachment.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a peer is reached, and who it is. */
final class PeerServices {
  private PeerServices() {}

  /** The address for clients and for peers of other places. It does not show the status pages. */
  static Service front(ProxyPeer peer, List<Served> services) {
    String name = peer.getMetadata().getName();
    ServiceTemplate template = peer.getSpec().service();
    List<ServicePort> ports =
        proxyPorts(PeerPorts.front(peer), peer.getSpec().listen().proxyPort(), services);
    if (template.nodePort() != null) {
      ports.set(0, new ServicePortBuilder(ports.get(0)).withNodePort(template.nodePort()).build());
    }
    ServiceBuilder service =
        new ServiceBuilder()
            .withMetadata(Child.meta(peer, name, template.labels(), template.annotations()))
            .withNewSpec()
            .withType(
                switch (template.type()) {
                  case CLUSTER_IP -> "ClusterIP";
                  case NODE_PORT -> "NodePort";
                  case LOAD_BALANCER -> "LoadBalancer";
                })
            .withSelector(Labels.selector(name))
            .withPorts(ports)
            .endSpec();
    if (template.type() == ServiceType.LOAD_BALANCER) {
      service
          .editSpec()
          .withLoadBalancerClass(template.loadBalancerClass())
          .withLoadBalancerSourceRanges(template.loadBalancerSourceRanges())
          .withAllocateLoadBalancerNodePorts(template.allocateLoadBalancerNodePorts())
          .endSpec();
    }
    if (template.externalTrafficPolicy() != null) {
      service
          .editSpec()
          .withExternalTrafficPolicy(word(template.externalTrafficPolicy()))
          .endSpec();
    }
    if (template.internalTrafficPolicy() != null) {
      service
          .editSpec()
          .withInternalTrafficPolicy(word(template.internalTrafficPolicy()))
          .endSpec();
    }
    if (template.ipFamilyPolicy() != null) {
      service
          .editSpec()
          .withIpFamilyPolicy(
              switch (template.ipFamilyPolicy()) {
                case SINGLE_STACK -> "SingleStack";
                case PREFER_DUAL_STACK -> "PreferDualStack";
                case REQUIRE_DUAL_STACK -> "RequireDualStack";
              })
          .endSpec();
    }
    return service.build();
  }

  private static String word(TrafficPolicy policy) {
    return switch (policy) {
      case CLUSTER -> "Cluster";
      case LOCAL -> "Local";
    };
  }

  /**
   * The addresses of all pods under one name: other peers of the cluster dial each of them, and
   * Prometheus scrapes each once.
   */
  static Service headless(ProxyPeer peer, List<Served> services) {
    String name = peer.getMetadata().getName();
    // Its addresses are those of the pods: there is no other port than theirs.
    int proxyPort = peer.getSpec().listen().proxyPort();
    List<ServicePort> ports = proxyPorts(proxyPort, proxyPort, services);
    ports.add(port(ServicePorts.METRICS, peer.getSpec().listen().metricsPort()));
    return new ServiceBuilder()
        .withMetadata(
            Child.meta(peer, ChildNames.headless(name), Map.of(Labels.SCRAPE, "true"), Map.of()))
        .withNewSpec()
        .withType("ClusterIP")
        .withClusterIP("None")
        .withSelector(Labels.selector(name))
        .withPorts(ports)
        .endSpec()
        .build();
  }

  /** Without any right; its token is not mounted. */
  static ServiceAccount account(ProxyPeer peer) {
    return new ServiceAccountBuilder()
        .withMetadata(
            Child.meta(
                peer,
                peer.getMetadata().getName(),
                Map.of(),
                peer.getSpec().template().serviceAccountAnnotations()))
        .withAutomountServiceAccountToken(false)
        .build();
  }

  private static List<ServicePort> proxyPorts(int port, int inPod, List<Served> services) {
    List<ServicePort> ports = new ArrayList<>();
    ports.add(port(ServicePorts.PROXY, port, inPod));
    for (ListenerPort listener : ServicePorts.listeners(services)) {
      ports.add(port(listener.name(), listener.port(), listener.inPod()));
    }
    return ports;
  }

  private static ServicePort port(String name, int port) {
    return port(name, port, port);
  }

  private static ServicePort port(String name, int port, int inPod) {
    return new ServicePortBuilder()
        .withName(name)
        .withProtocol("TCP")
        .withPort(port)
        .withTargetPort(new IntOrString(inPod))
        .build();
  }
}
