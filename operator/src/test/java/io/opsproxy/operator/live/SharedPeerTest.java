package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.ACCEPTED;
import static io.opsproxy.operator.status.ConditionType.MESH_OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many teams at one peer: what one of them writes is refused by itself, and all others go on. */
@RealApiServer
final class SharedPeerTest {
  private static final String ADDRESS = "addresses: [{address: '10.0.0.1:80'}]";

  private final KubeServer server;
  private final String platform;
  private final String team;
  private TestOperator operator;

  SharedPeerTest(KubeServer server) {
    this.server = server;
    platform = server.newNamespace("platform");
    team = server.newNamespace("team");
  }

  @BeforeEach
  void start() throws IOException {
    operator = TestOperator.startDeployed(server, platform);
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
        spec: {replicas: 1, allowedNamespaces: {from: All}%s}
        """
            .formatted(spec.isEmpty() ? "" : ", " + spec));
  }

  private void service(String namespace, String name, String spec) {
    operator.apply(
        namespace,
        """
        apiVersion: opsproxy.io/v1alpha1
        kind: ExposedService
        metadata: {name: %s}
        spec: {peerRef: {name: edge, namespace: %s}, %s}
        """
            .formatted(name, platform, spec));
  }

  private void awaitAccepted(String namespace, String name, String value) {
    eventually().until(() -> operator.serviceCondition(namespace, name, ACCEPTED), value::equals);
  }

  private void othersGoOn() {
    service(platform, "witness", "hostnames: [witness.example.com], backend: {" + ADDRESS + "}");
    awaitAccepted(platform, "witness", "True/Accepted");
    eventually().until(() -> operator.config("edge").contains("witness.example.com"));
    assertThat(operator.peerCondition("edge", ACCEPTED)).isEqualTo("True/Accepted");
  }

  @Test
  void aPortOfThePeerItselfIsRefusedToTheObjectThatAsksForIt() {
    peer("admin: {enabled: true, port: 10000}, listen: {proxyPort: 6443, metricsPort: 9090}");
    for (int port : new int[] {10000, 6443, 9090}) {
      service(team, "p" + port, "listenerPort: " + port + ", backend: {" + ADDRESS + "}");
      awaitAccepted(team, "p" + port, "False/PortConflict");
      assertThat(operator.serviceMessage(team, "p" + port, ACCEPTED))
          .contains("listenerPort " + port)
          .contains("ProxyPeer " + platform + "/edge");
    }
    othersGoOn();
    assertThat(operator.config("edge")).doesNotContain("p10000");
  }

  @Test
  void aPortBelow1024IsThatOfTheServiceAndThePodsListenOnAnother() {
    peer("");
    service(team, "web", "listenerPort: 443, backend: {" + ADDRESS + "}");
    awaitAccepted(team, "web", "True/Accepted");
    ServicePort port =
        eventually()
            .until(
                () ->
                    operator.child(Service.class, "edge").getSpec().getPorts().stream()
                        .filter(one -> one.getPort() == 443)
                        .findFirst(),
                java.util.Optional::isPresent)
            .orElseThrow();
    int inPod = port.getTargetPort().getIntVal();
    assertThat(inPod).isGreaterThanOrEqualTo(1024);
    assertThat(operator.config("edge")).contains("port-443").contains(":" + inPod);
    assertThat(operator.child(NetworkPolicy.class, "edge").getSpec().getIngress().get(0).getPorts())
        .anyMatch(one -> one.getPort().getIntVal() == inPod)
        .noneMatch(one -> one.getPort().getIntVal() == 443);
    // Whoever asks for the very port that was chosen gets another one in the pods.
    service(team, "next", "listenerPort: " + inPod + ", backend: {" + ADDRESS + "}");
    awaitAccepted(team, "next", "True/Accepted");
    eventually().until(() -> operator.config("edge").contains("port-" + inPod));
    assertThat(operator.config("edge").split(":" + inPod, -1)).hasSize(2);
  }

  @Test
  void whatTenantsMayTakeIsSaidByThePeer() {
    peer(
        "listen: {tenantPorts: ['8000-8999', '5432']}, allowedHostnames: [{namespaces: {from: Same},"
            + " hostnames: ['*']}, {namespaces: {from: Selector, selector: {matchLabels:"
            + " {kubernetes.io/metadata.name: "
            + team
            + "}}}, hostnames: ['*.team-a.example.com']}]");
    String name = "hostnames: [x%d.team-a.example.com], ";
    service(team, "inside", name.formatted(1) + "listenerPort: 8999, backend: {" + ADDRESS + "}");
    service(team, "outside", name.formatted(2) + "listenerPort: 9000, backend: {" + ADDRESS + "}");
    service(platform, "own", name.formatted(3) + "listenerPort: 9001, backend: {" + ADDRESS + "}");
    service(team, "stranger", "hostnames: [bank.example.com], backend: {" + ADDRESS + "}");
    service(team, "wide", "hostnames: ['*.example.com'], backend: {" + ADDRESS + "}");
    service(team, "narrow", "hostnames: ['*.b.team-a.example.com'], backend: {" + ADDRESS + "}");
    awaitAccepted(team, "inside", "True/Accepted");
    awaitAccepted(team, "outside", "False/PortNotAllowed");
    awaitAccepted(platform, "own", "True/Accepted");
    awaitAccepted(team, "stranger", "False/HostnameNotAllowed");
    awaitAccepted(team, "wide", "False/HostnameNotAllowed");
    awaitAccepted(team, "narrow", "True/Accepted");
    assertThat(operator.serviceMessage(team, "stranger", ACCEPTED))
        .contains("\"bank.example.com\"")
        .contains("*.team-a.example.com");
    othersGoOn();
  }

  @Test
  void thePodsOwnAddressesAreNotForObjectsOfOtherNamespaces() {
    peer("");
    int i = 0;
    for (String address :
        new String[] {
          "127.0.0.1:10000", "[::1]:10000", "localhost:10000", "169.254.169.254:80", "0.0.0.0:9090"
        }) {
      String name = "local-" + i++;
      service(team, name, "backend: {addresses: [{address: '" + address + "'}]}");
      awaitAccepted(team, name, "False/NotAllowedByPeer");
    }
    othersGoOn();
    peer("access: {localBackends: true}");
    awaitAccepted(team, "local-0", "True/Accepted");
  }

  @Test
  void anEmptyListOfLegacyPeersIsNobodyAndAnOpenPeerSaysSo() {
    peer("service: {type: NodePort}, mesh: {identity: {mode: None}}");
    eventually()
        .until(() -> operator.peerCondition("edge", MESH_OPEN).equals("True/AnyoneMayLink"));
    assertThat(operator.config("edge")).doesNotContain("legacy_peers");
    peer("service: {type: NodePort}, mesh: {identity: {mode: None}, legacyPeers: []}");
    eventually().until(() -> operator.config("edge").contains("legacy_peers: []"));
    eventually().until(() -> operator.peerCondition("edge", MESH_OPEN).startsWith("False/"));
    // With certificates it is nobody without a word.
    peer("service: {type: NodePort}, mesh: {legacyPeers: [0.0.0.0/0]}");
    eventually().until(() -> operator.peerCondition("edge", MESH_OPEN).startsWith("True/"));
    peer("service: {type: NodePort}");
    eventually().until(() -> operator.peerCondition("edge", MESH_OPEN).startsWith("False/"));
  }

  @Test
  void objectsThatDoNotFitAreRefusedNewestFirst() {
    peer("");
    // Certificates of 60 KB do not compress.
    for (int i = 0; i < 20; i++) {
      service(
          team,
          "big-" + (char) ('a' + i),
          "hostnames: [big-"
              + i
              + ".example.com], healthChecks: [{http: {path: /, scheme: HTTPS, caBundle: \""
              + Certificates.random(i, 60_000)
              + "\"}}], backend: {"
              + ADDRESS
              + "}");
    }
    awaitAccepted(team, "big-a", "True/Accepted");
    awaitAccepted(team, "big-t", "False/TooLarge");
    awaitAccepted(team, "big-p", "True/Accepted");
    eventually().until(() -> operator.child(ConfigMap.class, "edge-config").getData().size() > 15);
    assertThat(operator.peerCondition("edge", ACCEPTED)).isEqualTo("True/Accepted");
    // Room again: the oldest that wait come in.
    for (int i = 0; i < 5; i++) {
      server.client().resource(operator.service(team, "big-" + (char) ('a' + i))).delete();
    }
    awaitAccepted(team, "big-t", "True/Accepted");
  }
}
