package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestMesh.ANSWER;
import static io.opsproxy.operator.live.TestMesh.peer;
import static io.opsproxy.operator.live.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.CONNECTED;
import static io.opsproxy.operator.status.ConditionType.PROGRAMMED;
import static io.opsproxy.operator.status.ConditionType.READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.opsproxy.operator.cluster.OnChange;
import io.opsproxy.operator.render.Labels;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From applied objects to answered requests: a real API server, and real peers as pods. */
@RealApiServer
final class ServingTest {
  private final KubeServer server;
  private final String namespace;
  private TestMesh mesh;
  private TestOperator operator;

  ServingTest(KubeServer server) {
    this.server = server;
    namespace = server.newNamespace("serving");
  }

  @BeforeEach
  void start() throws IOException {
    mesh = TestMesh.start(server, namespace);
    operator = TestOperator.start(server, namespace);
  }

  @AfterEach
  void stop() {
    operator.close();
    mesh.close();
  }

  @Test
  void appliedNamesAreServedByEveryReplicaWithoutARestart() {
    operator.apply(peer("edge", 2));
    eventually().until(() -> operator.peerCondition("edge", READY).equals("True/Ready"));
    List<String> before = names("edge");

    operator.apply(mesh.service("web", "edge"));
    eventually().until(() -> operator.serviceCondition("web", READY).equals("True/Ready"));

    assertThat(names("edge")).isEqualTo(before);
    for (Pod pod : mesh.pods("edge")) {
      assertThat(mesh.get(pod, "web.example.com")).contains(ANSWER);
      assertThat(pod.getMetadata().getAnnotations().get(Labels.CONFIG_HASH))
          .startsWith(operator.peer("edge").getStatus().configHash());
    }
    assertThat(operator.peer("edge").getStatus().replicas().programmed()).isEqualTo(2);
    assertThat(operator.service("web").getStatus().endpoints().healthy()).isEqualTo(1);
    assertThat(
            operator.metric(
                "ops_proxy_operator_apply_to_acknowledged_seconds_count{kind=\"ExposedService\"}"))
        .isEqualTo(1);

    server.client().resource(operator.service("web")).delete();
    eventually()
        .until(
            () ->
                mesh.pods("edge").stream()
                    .allMatch(pod -> mesh.get(pod, "web.example.com").contains("503")));
  }

  private List<String> names(String peer) {
    return mesh.pods(peer).stream().map(pod -> pod.getMetadata().getUid()).sorted().toList();
  }

  @Test
  void aStoppedReplicaKeepsProgrammedFalseAndIsNamed() {
    operator.apply(peer("edge", 2));
    eventually().until(() -> operator.peerCondition("edge", READY).equals("True/Ready"));
    Pod stopped = mesh.pods("edge").get(0);
    mesh.kubelet().pause(stopped);
    try {
      operator.apply(mesh.service("web", "edge"));
      eventually().until(() -> operator.serviceCondition("web", READY).equals("True/Ready"));
      assertThat(operator.peerCondition("edge", PROGRAMMED)).startsWith("False/");
      assertThat(operator.peer("edge").getStatus().conditions().toString())
          .contains(stopped.getMetadata().getName());
    } finally {
      mesh.kubelet().resume(stopped);
    }
    eventually().until(() -> operator.peerCondition("edge", PROGRAMMED).startsWith("True/"));
  }

  @Test
  void peersThatNameEachOtherServeEachOthersNames() {
    operator.apply(peer("a", 1, "b") + peer("b", 1, "a") + mesh.service("web", "a"));
    eventually().until(() -> operator.serviceCondition("web", READY).equals("True/Ready"));

    eventually().until(() -> mesh.get(mesh.pods("b").get(0), "web.example.com").contains(ANSWER));
  }

  @Test
  void replicasAreAllOwnersOfTheirNamesAtARemotePeerThatBalancesOverThem() {
    operator.apply(peer("outer", 1) + peer("inner", 2, "outer") + mesh.service("web", "inner"));
    eventually().until(() -> operator.peerCondition("inner", CONNECTED).equals("True/Connected"));
    eventually().until(() -> operator.serviceCondition("web", READY).equals("True/Ready"));
    Pod outer = mesh.pods("outer").get(0);
    eventually()
        .untilAsserted(
            () -> {
              assertThat(mesh.get(outer, "web.example.com")).contains(ANSWER);
              assertThat(mesh.pods("inner"))
                  .hasSize(2)
                  .allMatch(
                      inner -> !mesh.metric(inner, "ops_proxy_client_forwards_total").isEmpty());
            });
  }

  /** One of protocol v1. */
  private static String withoutIdentity(String peer) {
    return peer.replace("spec: {", "spec: {mesh: {identity: {mode: None}}, ");
  }

  @Test
  void namesThatOnlySomeReplicasHoldAreNamed() {
    operator.apply(withoutIdentity(peer("outer", 2)));
    eventually().until(() -> operator.peerCondition("outer", READY).equals("True/Ready"));
    // As the address of a load balancer does, this name leads to one of the replicas.
    mesh.kubelet().resolve("balanced.test", mesh.kubelet().addressOf(mesh.pods("outer").get(0)));
    operator.apply(
        withoutIdentity(peer("inner", 1))
                .replace("spec: {", "spec: {remotePeers: [{address: 'balanced.test:6443'}], ")
            + mesh.service("web", "inner"));

    eventually()
        .until(
            () -> operator.peerMessage("outer", CONNECTED),
            message ->
                message.contains("only some of the 2 replicas hold web.example.com")
                    && message.contains("set replicas to 1"));
    assertThat(operator.peerCondition("outer", READY)).isEqualTo("True/Ready");
  }

  @Test
  void aRolloutNeverHasFewerReadyPodsThanReplicas() {
    operator.apply(peer("edge", 2) + mesh.service("web", "edge"));
    eventually().until(() -> operator.serviceCondition("web", READY).equals("True/Ready"));
    eventually().until(() -> operator.peerCondition("edge", READY).equals("True/Ready"));
    // A pod may say what it runs before the cluster has asked whether it is ready.
    eventually()
        .until(
            () -> operator.child(Deployment.class, "edge").getStatus().getReadyReplicas(),
            Integer.valueOf(2)::equals);
    List<String> before = names("edge");
    Queue<Integer> ready = new ConcurrentLinkedQueue<>();
    try (SharedIndexInformer<Deployment> watch =
        server
            .client()
            .apps()
            .deployments()
            .inNamespace(namespace)
            .withName("edge")
            .inform(OnChange.of((old, now) -> ready.add(now.getStatus().getReadyReplicas())))) {
      operator.apply(
          peer("edge", 2).replace("spec: {", "spec: {template: {annotations: {new: 'yes'}}, "));
      eventually()
          .until(
              () -> names("edge"),
              now -> now.size() == 2 && now.stream().noneMatch(before::contains));
      eventually().until(() -> operator.peerCondition("edge", READY).equals("True/Ready"));
      assertThat(watch.isWatching()).isTrue();
    }
    assertThat(ready).isNotEmpty().allMatch(pods -> pods >= 2);
  }

  @Test
  void anImageThatCannotBePulledIsSaid() {
    operator.apply(
        peer("edge", 1).replace("spec: {", "spec: {template: {image: 'x/does-not-exist:1'}, "));
    eventually()
        .untilAsserted(
            () -> {
              assertThat(operator.peerCondition("edge", READY)).startsWith("False/");
              assertThat(operator.peerMessage("edge", READY))
                  .contains("ImagePullBackOff")
                  .contains("x/does-not-exist:1");
            });
  }

  @Test
  void aRolloutThatCannotGoOnIsNoReadyPeerAlthoughTheOldPodsServe() {
    operator.apply(peer("edge", 1) + mesh.service("web", "edge"));
    eventually().until(() -> operator.peerCondition("edge", READY).equals("True/Ready"));

    operator.apply(
        peer("edge", 1).replace("spec: {", "spec: {template: {image: 'x/does-not-exist:1'}, "));
    long generation = operator.peer("edge").getMetadata().getGeneration();
    eventually().until(() -> operator.peer("edge").getStatus().observedGeneration() == generation);
    assertThat(operator.peerCondition("edge", READY)).doesNotStartWith("True");
    eventually().until(() -> operator.peerCondition("edge", READY).equals("False/RolloutStuck"));
    assertThat(operator.peerMessage("edge", READY)).contains("x/does-not-exist:1");
    assertThat(operator.serviceCondition("web", READY)).isEqualTo("True/Ready");

    operator.apply(peer("edge", 1));
    eventually().until(() -> operator.peerCondition("edge", READY).equals("True/Ready"));
  }

  @Test
  void aPodSaysNoMoreThanWhatIsNotKnownYet() throws IOException {
    operator.apply(peer("edge", 1) + mesh.service("web", "edge"));
    eventually().until(() -> operator.serviceCondition("web", READY).equals("True/Ready"));
    Pod pod = mesh.pods("edge").get(0);
    Matcher state = Pattern.compile("\"state\":\"([0-9a-f]+)\"").matcher(mesh.page(pod, "/status"));
    assertThat(state.find()).isTrue();
    String known = "/status?known=" + state.group(1);
    assertThat(mesh.page(pod, known))
        .contains("\"unchanged\":true")
        .contains("\"state\":\"" + state.group(1) + "\"")
        .doesNotContain("web.example.com");

    operator.apply(mesh.service("more", "edge"));
    eventually().until(() -> operator.serviceCondition("more", READY).equals("True/Ready"));
    assertThat(mesh.page(pod, known)).contains("more.example.com").doesNotContain("unchanged");
  }

  @Test
  void deletionOfAPeerAndItsServicesLeavesNothingBehind() {
    operator.apply(peer("edge", 2) + mesh.service("web", "edge"));
    eventually().until(() -> operator.serviceCondition("web", READY).equals("True/Ready"));
    server.client().resource(operator.peer("edge")).delete();
    eventually().until(() -> operator.serviceCondition("web", READY).equals("False/PeerNotFound"));
    server.client().resource(operator.service("web")).delete();

    eventually().until(() -> operator.objects("app.kubernetes.io/instance=edge"), List::isEmpty);
    // Nothing in the operator either.
    eventually()
        .untilAsserted(
            () ->
                assertThat(operator.page("/metrics").lines())
                    .filteredOn(line -> line.startsWith("ops_proxy_operator_objects{"))
                    .isNotEmpty()
                    .allMatch(line -> line.endsWith(" 0.0")));
  }

  @Test
  void aRestartOfTheOperatorWritesNothing() throws IOException {
    operator.apply(peer("edge", 1) + mesh.service("web", "edge"));
    eventually().until(() -> operator.serviceCondition("web", READY).equals("True/Ready"));
    eventually().until(() -> operator.peerCondition("edge", READY).equals("True/Ready"));
    String before = versions();

    operator.restart();
    // By the end of this it has looked at everything more than once.
    operator.apply(mesh.service("other", "edge"));
    eventually().until(() -> operator.serviceCondition("other", READY).equals("True/Ready"));
    server.client().resource(operator.service("other")).delete();
    eventually()
        .until(() -> !operator.child(ConfigMap.class, "edge-config").toString().contains("other"));

    assertThat(versions()).isEqualTo(before);
  }

  /** Versions of everything but what a service changes on its way in and out. */
  private String versions() {
    return Stream.of(
            operator.child(Deployment.class, "edge"),
            operator.child(Service.class, "edge"),
            operator.child(Service.class, "edge-peers"),
            operator.child(ServiceAccount.class, "edge"),
            operator.service("web"))
        .map(one -> one.getKind() + " " + one.getMetadata().getResourceVersion())
        .collect(Collectors.joining(", "));
  }
}
