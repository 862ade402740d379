package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.ACCEPTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who may attach to a peer of another namespace; it can change at any time. */
@RealApiServer
final class AttachmentTest {
  private static final String ATTACHED = "True/Accepted";
  private static final String REFUSED = "False/NotAllowedByPeer";

  private final KubeServer server;
  private final String platform;
  private final String team;
  private TestOperator operator;

  AttachmentTest(KubeServer server) {
    this.server = server;
    platform = server.newNamespace("platform");
    team = server.newNamespace("team");
  }

  @BeforeEach
  void start() throws IOException {
    operator = TestOperator.startForAll(server, platform);
  }

  @AfterEach
  void stop() {
    operator.close();
  }

  private void applyPeer(String allowed) {
    operator.apply(
        """
        apiVersion: opsproxy.io/v1alpha1
        kind: ProxyPeer
        metadata: {name: edge}
        spec: {replicas: 1, allowedNamespaces: {%s}}
        """
            .formatted(allowed));
  }

  private void applyService() {
    operator.apply(
        team,
        """
        apiVersion: opsproxy.io/v1alpha1
        kind: ExposedService
        metadata: {name: web}
        spec:
          peerRef: {name: edge, namespace: %s}
          backend: {addresses: [{address: '10.0.0.1:80'}]}
        """
            .formatted(platform));
  }

  private void awaitAccepted(String value) {
    eventually().until(() -> operator.serviceCondition(team, "web", ACCEPTED).equals(value));
  }

  private void labelTeam(String value) {
    server
        .client()
        .namespaces()
        .withName(team)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"labels\":{\"may-attach\":" + value + "}}}");
  }

  @Test
  void thePeerDecidesWhichNamespacesMayAttach() {
    applyPeer("from: Same");
    applyService();
    awaitAccepted(REFUSED);
    assertThat(operator.service(team, "web").getStatus().conditions().toString())
        .contains("allowedNamespaces.from is Same");
    assertThat(operator.config("edge")).doesNotContain("10.0.0.1");

    applyPeer("from: All");
    awaitAccepted(ATTACHED);
    eventually().until(() -> operator.config("edge").contains("10.0.0.1"));
  }

  @Test
  void aChangedLabelOfANamespaceLetsItInAndOut() {
    applyPeer("from: Selector, selector: {matchLabels: {may-attach: 'yes'}}");
    applyService();
    awaitAccepted(REFUSED);

    labelTeam("\"yes\"");
    awaitAccepted(ATTACHED);
    eventually().until(() -> operator.config("edge").contains("10.0.0.1"));

    labelTeam("null");
    awaitAccepted(REFUSED);
    eventually().until(() -> !operator.config("edge").contains("10.0.0.1"));
  }
}
