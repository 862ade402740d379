package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.ACCEPTED;
import static io.opsproxy.operator.status.ConditionType.RESOLVED_REFS;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets which name, and whose objects are left alone, on a real API server without pods. */
@RealApiServer
final class NamesTest {
  private final KubeServer server;
  private final String namespace;
  private TestOperator operator;

  NamesTest(KubeServer server) {
    this.server = server;
    namespace = server.newNamespace("names");
  }

  @BeforeEach
  void start() throws IOException {
    operator = TestOperator.start(server, namespace);
  }

  @AfterEach
  void stop() {
    operator.close();
  }

  private static String peer(String name) {
    return """
        apiVersion: opsproxy.io/v1alpha1
        kind: ProxyPeer
        metadata: {name: %s}
        spec: {replicas: 1}
        """
        .formatted(name);
  }

  private static String service(String name, String peer, String hostnames, String backend) {
    return """
        apiVersion: opsproxy.io/v1alpha1
        kind: ExposedService
        metadata: {name: %s}
        spec: {peerRef: {name: %s}, hostnames: [%s], backend: {%s}}
        """
        .formatted(name, peer, hostnames, backend);
  }

  /** Type and reason of each event on an object. */
  private List<String> events(String name) {
    return server
        .client()
        .v1()
        .events()
        .inNamespace(namespace)
        .withField("involvedObject.name", name)
        .list()
        .getItems()
        .stream()
        .map(event -> event.getType() + " " + event.getReason())
        .toList();
  }

  private static final String ADDRESS = "addresses: [{address: '10.0.0.1:80'}]";

  @Test
  void theLoserNamesTheWinnerAndTakesOverWhenItGoes() {
    operator.apply(peer("edge"));
    // Of one age, most likely; then the name decides.
    operator.apply(service("a-first", "edge", "x.example.com", ADDRESS));
    operator.apply(service("b-second", "edge", "x.example.com", ADDRESS));
    operator.apply(service("c-third", "edge", "x.example.com, y.example.com", ADDRESS));
    eventually()
        .until(() -> operator.serviceCondition("b-second", ACCEPTED).equals("False/NameConflict"));
    assertThat(operator.serviceMessage("b-second", ACCEPTED)).contains(namespace + "/a-first");
    eventually()
        .until(
            () ->
                operator.serviceCondition("c-third", ACCEPTED).equals("True/PartialNameConflict"));
    eventually()
        .untilAsserted(
            () -> {
              assertThat(events("b-second")).contains("Warning NameConflict");
              assertThat(events("edge")).contains("Normal Accepted");
            });

    server.client().resource(operator.service("a-first")).delete();

    eventually()
        .until(() -> operator.serviceCondition("b-second", ACCEPTED).equals("True/Accepted"));
  }

  @Test
  void aMovedObjectLeavesTheOldPeerAndJoinsTheNew() {
    operator.apply(
        peer("a") + "---\n" + peer("b") + "---\n" + service("web", "a", "x.example.com", ADDRESS));
    eventually().until(() -> operator.config("a").contains("x.example.com"));

    operator.apply(service("web", "b", "x.example.com", ADDRESS));

    eventually().until(() -> operator.config("b").contains("x.example.com"));
    eventually().until(() -> !operator.config("a").contains("x.example.com"));
  }

  @Test
  void missingReferencesAreSaidAndNoticedWhenTheyCome() {
    operator.apply(service("web", "edge", "x.example.com", "serviceRef: {name: web, port: 80}"));
    eventually()
        .until(() -> operator.serviceCondition("web", ACCEPTED).equals("False/PeerNotFound"));
    operator.apply(peer("edge"));
    eventually()
        .until(
            () -> operator.serviceCondition("web", RESOLVED_REFS).equals("False/BackendNotFound"));
    server
        .client()
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .addNewPort()
                .withPort(80)
                .endPort()
                .endSpec()
                .build())
        .create();
    eventually()
        .until(() -> operator.serviceCondition("web", RESOLVED_REFS).equals("True/ResolvedRefs"));
  }

  @Test
  void anObjectOfSomebodyElseIsLeftAlone() {
    server
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("edge-config")
                .withNamespace(namespace)
                .endMetadata()
                .addToData("mine", "yes")
                .build())
        .create();
    operator.apply(peer("edge"));
    eventually().until(() -> operator.peerCondition("edge", ACCEPTED).equals("False/NotOwned"));
    assertThat(operator.child(ConfigMap.class, "edge-config").getData()).containsOnlyKeys("mine");
  }

  @Test
  void aChildThatTheServerRefusesIsSaidWithItsReasonAndTheOthersAreMade() {
    // The schema cannot know that a claim needs a declaration.
    operator.apply(
        peer("edge").replace("replicas: 1", "template: {resources: {claims: [{name: card}]}}"));
    eventually().until(() -> operator.peerCondition("edge", ACCEPTED).equals("False/ChildRefused"));
    assertThat(operator.peerMessage("edge", ACCEPTED))
        .contains("Deployment " + namespace + "/edge")
        .contains("claims[0]");
    assertThat(operator.config("edge")).isNotEmpty();

    operator.apply(peer("edge"));
    eventually().until(() -> operator.peerCondition("edge", ACCEPTED).equals("True/Accepted"));
  }

  @Test
  void whatIsEditedByHandIsPutBackAndWhatIsAddedStays() {
    operator.apply(peer("edge"));
    eventually().until(() -> operator.child(Deployment.class, "edge") != null);
    server
        .client()
        .resource(operator.child(Deployment.class, "edge"))
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"metadata\":{\"annotations\":{\"mine\":\"yes\"}},\"spec\":{\"replicas\":7}}");
    eventually().until(() -> operator.child(Deployment.class, "edge").getSpec().getReplicas() == 1);
    assertThat(operator.child(Deployment.class, "edge").getMetadata().getAnnotations())
        .containsEntry("mine", "yes");
  }

  @Test
  void deletionInTheForegroundEndsAlthoughTheChildrenGoFirst() {
    operator.apply(peer("edge"));
    eventually().until(() -> operator.child(Deployment.class, "edge") != null);
    server.kubectl("delete", "ppeer/edge", "-n", namespace, "--cascade=foreground");
    eventually().until(() -> operator.objects("app.kubernetes.io/instance=edge"), List::isEmpty);
    assertThat(operator.peer("edge")).isNull();
  }

  @Test
  void aPeerThatIsMadeAnewGetsChildrenOfItsOwn() {
    operator.apply(peer("edge"));
    eventually().until(() -> operator.child(Deployment.class, "edge") != null);
    server.client().resource(operator.peer("edge")).delete();
    operator.apply(peer("edge"));

    eventually().until(() -> operator.peerCondition("edge", ACCEPTED).equals("True/Accepted"));
    String owner = operator.peer("edge").getMetadata().getUid();
    eventually()
        .until(
            () -> operator.child(Deployment.class, "edge"),
            deployment ->
                deployment != null
                    && deployment.getMetadata().getOwnerReferences().stream()
                        .allMatch(one -> one.getUid().equals(owner)));
  }

  @Test
  void deletionOfThePeerLeavesNothingBehind() {
    operator.apply(peer("edge"));
    eventually().until(() -> operator.child(Deployment.class, "edge") != null);
    server.client().resource(operator.peer("edge")).delete();
    eventually()
        .until(
            () ->
                operator.child(Deployment.class, "edge") == null
                    && operator.child(ConfigMap.class, "edge-config") == null);
  }
}
