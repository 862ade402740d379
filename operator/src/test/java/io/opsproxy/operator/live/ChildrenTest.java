package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.ACCEPTED;
import static io.opsproxy.operator.status.ConditionType.READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Children under the conditions of real clusters, with the deployed role: owners that are held
 * back, objects of others, webhooks that are down, rivals.
 */
@RealApiServer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ChildrenTest {
  private final KubeServer server =
      KubeServer.start("--enable-admission-plugins=OwnerReferencesPermissionEnforcement");
  private String namespace;
  private TestOperator operator;

  @BeforeEach
  void start() throws IOException {
    namespace = server.newNamespace("children");
    operator = TestOperator.startDeployed(server, namespace);
  }

  @AfterEach
  void stop() {
    operator.close();
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  private void peer(String spec) {
    operator.apply(
        """
        apiVersion: opsproxy.io/v1alpha1
        kind: ProxyPeer
        metadata: {name: edge}
        spec: {%s}
        """
            .formatted(spec));
  }

  private void awaitPeer(String value) {
    eventually().until(() -> operator.peerCondition("edge", ACCEPTED), value::equals);
  }

  /** A Service of a user that goes with the peer. */
  private Service service(String name, ProxyPeer owner) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .addToLabels("app.kubernetes.io/instance", "edge")
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .build())
        .endMetadata()
        .withNewSpec()
        .addNewPort()
        .withPort(80)
        .endPort()
        .endSpec()
        .build();
  }

  @Test
  void childrenAreMadeWhereOwnersMayNotBeHeldBackByJustAnybody() {
    peer("replicas: 2");
    awaitPeer("True/Accepted");
    assertThat(operator.child(Deployment.class, "edge").getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.getBlockOwnerDeletion()).isTrue());
  }

  @Test
  void whatAUserHangsOnThePeerIsTheUsers() {
    peer("replicas: 1");
    awaitPeer("True/Accepted");
    server.client().resource(service("mine", operator.peer("edge"))).create();
    peer("replicas: 1, logging: {level: debug}");
    eventually().until(() -> operator.config("edge").contains("debug"));
    assertThat(operator.child(Service.class, "mine")).isNotNull();
    assertThat(operator.peerCondition("edge", ACCEPTED)).isEqualTo("True/Accepted");
  }

  @Test
  void anObstacleIsNamedTheOthersAreMadeAndItHealsWhenItGoes() {
    server
        .client()
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withName("edge-peers")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .addNewPort()
                .withPort(80)
                .endPort()
                .endSpec()
                .build())
        .create();
    peer("replicas: 1");
    awaitPeer("False/NotOwned");
    assertThat(operator.peerMessage("edge", ACCEPTED))
        .contains("Service " + namespace + "/edge-peers");
    eventually().until(() -> operator.child(Deployment.class, "edge") != null);

    server.client().services().inNamespace(namespace).withName("edge-peers").delete();

    eventually()
        .atMost(Duration.ofMinutes(1))
        .until(() -> operator.peerCondition("edge", ACCEPTED).equals("True/Accepted"));
    assertThat(operator.child(Service.class, "edge-peers").getSpec().getClusterIP())
        .isEqualTo("None");
  }

  @Test
  void aWebhookThatIsDownStopsItsKindAlone() throws IOException {
    String webhook =
        """
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: down}
        webhooks:
        - name: down.example.com
          clientConfig: {url: "https://127.0.0.1:1/"}
          failurePolicy: Fail
          sideEffects: None
          admissionReviewVersions: [v1]
          timeoutSeconds: 1
          rules:
          - {apiGroups: [networking.k8s.io], apiVersions: [v1], operations: ["*"], resources: [networkpolicies]}
        """;
    operator.kubectlApply(webhook);
    try {
      // It takes a moment until the server minds it.
      eventually()
          .until(
              () -> {
                operator.client().resources(ProxyPeer.class).inNamespace(namespace).delete();
                peer("replicas: 1");
                eventually().until(() -> !operator.peerCondition("edge", ACCEPTED).isEmpty());
                return operator.peerCondition("edge", ACCEPTED).equals("False/ApplyFailed");
              });
      assertThat(operator.peerMessage("edge", ACCEPTED))
          .contains("NetworkPolicy " + namespace + "/edge")
          .contains("down.example.com");
      // What is after it in the order is there nevertheless.
      assertThat(operator.child(Deployment.class, "edge")).isNotNull();
      eventually()
          .until(
              () -> server.kubectl("get", "events", "-n", namespace, "-o", "jsonpath={..reason}"),
              events -> events.contains("ApplyFailed"));
    } finally {
      server.kubectl("delete", "validatingwebhookconfiguration", "down");
    }
    awaitPeer("True/Accepted");
    assertThat(operator.child(NetworkPolicy.class, "edge")).isNotNull();
  }

  @Test
  void aRivalIsNamedAndNotOverrun() {
    peer("replicas: 1");
    awaitPeer("True/Accepted");
    int[] fights = {0};
    eventually()
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> {
              Deployment now = operator.child(Deployment.class, "edge");
              if (now.getSpec().getReplicas() == 1) {
                fights[0]++;
                server
                    .client()
                    .resource(now)
                    .patch(
                        new PatchContext.Builder()
                            .withPatchType(PatchType.JSON_MERGE)
                            .withFieldManager("rival-operator")
                            .build(),
                        "{\"spec\":{\"replicas\":3}}");
              }
              return operator.peerCondition("edge", ACCEPTED).equals("False/Contested");
            });
    assertThat(operator.peerMessage("edge", ACCEPTED))
        .contains("Deployment " + namespace + "/edge")
        .contains("rival-operator");
    assertThat(fights[0]).isLessThan(10);
  }

  @Test
  void zeroReplicasAreWhatWasAskedFor() {
    peer("replicas: 0");
    eventually().until(() -> operator.peerCondition("edge", READY).equals("True/Ready"));
    assertThat(operator.peerMessage("edge", READY)).contains("replicas is 0");
  }

  @Test
  void aMissingRightAtTheStartIsNamed() throws IOException {
    operator.stop();
    String role = server.kubectl("get", "clusterrole", DeployedRole.ACCOUNT, "-o", "json");
    String cut = role.replace("\"networkpolicies\"", "\"networkpolicies-not\"");
    operator.replace(cut);
    try {
      operator.restart();
      eventually()
          .until(
              () -> operator.page("/readyz"),
              text -> text.contains("NetworkPolicy") && text.contains("forbidden"));
    } finally {
      DeployedRole.install(server, namespace);
    }
    eventually().until(() -> operator.page("/readyz").startsWith("ready"));
  }
}
