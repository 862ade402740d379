package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.ACCEPTED;
import static io.opsproxy.operator.status.ConditionType.RESOLVED_REFS;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.opsproxy.api.v1alpha1.PeerAddress;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Services and load balancers in every shape that the API allows, with the deployed role. */
@RealApiServer
final class ServiceShapesTest {
  private final KubeServer server;
  private final String namespace;
  private TestOperator operator;

  ServiceShapesTest(KubeServer server) {
    this.server = server;
    namespace = server.newNamespace("shapes");
  }

  @BeforeEach
  void start() throws IOException {
    operator = TestOperator.startDeployed(server, namespace);
  }

  @AfterEach
  void stop() {
    operator.close();
  }

  private void peer(String spec) {
    operator.apply(
        """
        apiVersion: opsproxy.io/v1alpha1
        kind: ProxyPeer
        metadata: {name: edge}
        spec: {replicas: 1%s}
        """
            .formatted(spec));
  }

  private void exposed(String name, String backend) {
    operator.apply(
        """
        apiVersion: opsproxy.io/v1alpha1
        kind: ExposedService
        metadata: {name: %s}
        spec: {peerRef: {name: edge}, backend: {%s}}
        """
            .formatted(name, backend));
  }

  private void service(String name, String spec) {
    operator.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %s}
        spec: {%s}
        """
            .formatted(name, spec));
  }

  private List<NetworkPolicyEgressRule> egress() {
    NetworkPolicy policy = operator.child(NetworkPolicy.class, "edge");
    return policy == null ? List.of() : policy.getSpec().getEgress();
  }

  /** Ports that are admitted; empty for all. */
  private List<String> ports() {
    return egress().stream()
        .flatMap(rule -> rule.getPorts().stream())
        .map(
            port ->
                port.getPort().getIntVal() != null
                    ? port.getPort().getIntVal().toString()
                    : port.getPort().getStrVal())
        .toList();
  }

  @Test
  void aPortMayBeNamedAndIsThatOfTcp() {
    service(
        "dual",
        "selector: {a: b}, ports: [{name: dns, port: 53, protocol: UDP}, {name: http, port: 80,"
            + " targetPort: 8080}]");
    peer("");
    exposed("by-name", "serviceRef: {name: dual, port: http}");
    exposed("by-number", "serviceRef: {name: dual, port: 80}");
    exposed("udp", "serviceRef: {name: dual, port: 53}");
    exposed("nameless", "serviceRef: {name: dual, port: https}");
    eventually().until(() -> operator.config("edge").contains("by-name"));
    assertThat(operator.config("edge")).contains("dual." + namespace + ".svc:80");
    eventually()
        .until(
            () -> operator.serviceCondition("udp", RESOLVED_REFS),
            "False/BackendPortNotFound"::equals);
    assertThat(operator.serviceMessage("udp", RESOLVED_REFS)).contains("53 (dns) for UDP");
    // Nothing can be dialled without a number.
    eventually()
        .until(
            () -> operator.serviceCondition("nameless", ACCEPTED),
            "False/BackendPortNotFound"::equals);
    eventually().until(() -> ports().containsAll(List.of("80", "8080")));
  }

  @Test
  void aHeadlessServiceIsDialledWhereItsPodsAre() {
    service(
        "db",
        "clusterIP: None, selector: {a: b}, ports: [{name: pg, port: 5432, targetPort: 15432}]");
    peer("");
    exposed("db", "serviceRef: {name: db, port: pg}");
    eventually().until(() -> operator.config("edge").contains("db." + namespace + ".svc:15432"));
    eventually().until(() -> ports().contains("15432"));
  }

  @Test
  void anAddressThatIsAServiceIsFollowedToItsPods() {
    service("web", "selector: {a: b}, ports: [{port: 80, targetPort: 8080}]");
    service("elsewhere", "ports: [{port: 80}]");
    peer("");
    exposed("web", "addresses: [{address: 'web." + namespace + ".svc.cluster.local:80'}]");
    eventually().until(() -> ports().containsAll(List.of("80", "8080")));
    exposed("other", "addresses: [{address: 'elsewhere." + namespace + ".svc:80'}]");
    // Its endpoints are somebody's own business: all ports are admitted.
    eventually().until(() -> ports().isEmpty() && !egress().isEmpty());
  }

  @Test
  void whatALoadBalancerReportsIsShownInEveryShape() {
    peer(", service: {type: LoadBalancer}");
    exposed("web", "addresses: [{address: '10.0.0.1:80'}]");
    eventually().until(() -> operator.serviceCondition("web", ACCEPTED).equals("True/Accepted"));
    server.kubectl(
        "patch",
        "service",
        "edge",
        "-n",
        namespace,
        "--subresource=status",
        "--type=merge",
        "-p",
        "{\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"2001:db8::7\"},"
            + "{\"ports\":[{\"port\":6443,\"protocol\":\"TCP\"}]},"
            + "{\"ip\":\"192.0.2.7\",\"hostname\":\"lb.example.com\"}]}}}");
    String own = "edge." + namespace + ".svc:6443";
    eventually()
        .until(
            () -> operator.service("web").getStatus().addresses(),
            addresses ->
                addresses.equals(
                    List.of(own, "[2001:db8::7]:6443", "192.0.2.7:6443", "lb.example.com:6443")));
    eventually()
        .until(
            () ->
                operator.peer("edge").getStatus().addresses().stream()
                    .map(PeerAddress::value)
                    .toList(),
            addresses -> addresses.size() == 4 && addresses.contains("[2001:db8::7]:6443"));
  }
}
