package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestMesh.ANSWER;
import static io.opsproxy.operator.live.TestMesh.peer;
import static io.opsproxy.operator.live.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.CONNECTED;
import static io.opsproxy.operator.status.ConditionType.READY;
import static io.opsproxy.operator.status.ConditionType.RESOLVED_REFS;
import static io.opsproxy.operator.status.ConditionType.TRUSTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.KubeletTiming;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers whose certificates the operator issues, with the rights of the deployed role alone. */
@RealApiServer
final class IssuedTest {
  private final KubeServer server;
  private final String namespace;
  private TestMesh mesh;
  private TestOperator operator;

  IssuedTest(KubeServer server) {
    this.server = server;
    namespace = server.newNamespace("issued");
  }

  @BeforeEach
  void start() throws IOException {
    // Nothing happens to a pod when a Secret does: its volume is refreshed in the end.
    KubeletTiming timing = KubeletTiming.USUAL.withSyncPeriod(Duration.ofSeconds(5));
    mesh = TestMesh.start(server, namespace, timing);
    operator = TestOperator.startDeployed(server, namespace);
  }

  @AfterEach
  void stop() {
    operator.close();
    mesh.close();
  }

  private String id(String peer) {
    return "/ns/" + namespace + "/ppeer/" + peer;
  }

  private static String decoded(Secret secret, String key) {
    return new String(
        Base64.getDecoder().decode(secret.getData().get(key)), StandardCharsets.UTF_8);
  }

  @Test
  void peersThatNameEachOtherAreTrustedWithoutAWordAndStrangersAreNot() {
    String stranger =
        "mesh: {trust: [{name: all, configMapRef: {name: b-trust}, names: ['*']}]},"
            + " remotePeers: [{address: 'b-peers."
            + namespace
            + ".svc:6443'}]";
    operator.apply(
        peer("a", 1, "b")
            + peer("b", 2)
            // Of the same authority, and it trusts all of it; named by nobody.
            + peer("c", 1).replace("spec: {", "spec: {" + stranger + ", ")
            + mesh.service("web", "a")
            + mesh.service("stolen", "c"));
    eventually().until(() -> operator.peerCondition("a", CONNECTED).equals("True/Connected"));
    eventually().until(() -> operator.peerCondition("b", READY).equals("True/Ready"));
    for (Pod b : mesh.pods("b")) {
      eventually().until(() -> mesh.get(b, "web.example.com").contains(ANSWER));
      assertThat(mesh.page(b, "/status")).contains(id("a")).contains("\"protocol\":\"v2\"");
    }
    eventually().until(() -> operator.peerCondition("c", READY).equals("True/Ready"));
    eventually().until(() -> operator.peerCondition("c", CONNECTED).startsWith("False/"));
    eventually()
        .until(() -> operator.peerCondition("c", RESOLVED_REFS).equals("True/ResolvedRefs"));
    eventually()
        .untilAsserted(
            () ->
                assertThat(mesh.metric(mesh.pods("b").get(0), "ops_proxy_mesh_refusals_total"))
                    .anyMatch(line -> line.contains("peer_not_allowed")));
    assertThat(mesh.get(mesh.pods("b").get(0), "stolen.example.com")).contains("503");

    assertThat(operator.peerCondition("a", TRUSTED)).isEqualTo("True/Trusted");
    assertThat(operator.peer("a").getStatus().mesh().id())
        .startsWith("spiffe://")
        .endsWith(id("a"));
    Secret authority = operator.child(Secret.class, "ops-proxy-ca");
    Secret leaf = operator.child(Secret.class, "a-identity");
    String bundle = decoded(authority, "tls.crt");
    assertThat(decoded(leaf, "ca.crt")).isEqualTo(bundle);
    assertThat(operator.peer("a").getStatus().mesh().trustBundle()).isEqualTo(bundle);
    assertThat(operator.child(ConfigMap.class, "a-trust").getData())
        .containsEntry("ca.crt", bundle);
    assertThat(leaf.getMetadata().getOwnerReferences()).hasSize(1);
    keysAreNowhereElse(List.of(authority, leaf));
  }

  @Test
  void replicasShareWhatOneOfThemHasLearned() {
    String trust = "mesh: {trust: [{name: own, configMapRef: {name: %s-trust}, names: ['*']}]}, ";
    operator.apply(peer("b", 2).replace("spec: {", "spec: {" + trust.formatted("b")));
    eventually().until(() -> operator.peerCondition("b", READY).equals("True/Ready"));
    String one = mesh.kubelet().addressOf(mesh.pods("b").get(0));
    operator.apply(
        peer("a", 1)
                .replace(
                    "spec: {",
                    "spec: {remotePeers: [{address: '" + one + ":6443'}], " + trust.formatted("a"))
            + mesh.service("web", "a"));
    eventually().until(() -> operator.peerCondition("a", CONNECTED).equals("True/Connected"));
    for (Pod b : mesh.pods("b")) {
      eventually().until(() -> mesh.get(b, "web.example.com").contains(ANSWER));
    }
    assertThat(operator.peer("b").getStatus().remotePeers()).isEmpty();
  }

  /** Not in ConfigMaps, events, statuses or annotations of the namespace. */
  private void keysAreNowhereElse(List<Secret> secrets) {
    String everything =
        server.kubectl(
            "get",
            "configmaps,proxypeers,exposedservices,deployments,pods,services,events",
            "--namespace=" + namespace,
            "--output=yaml");
    assertThat(everything).doesNotContain("PRIVATE KEY");
    for (Secret secret : secrets) {
      String line = decoded(secret, "tls.key").lines().skip(1).findFirst().orElseThrow();
      assertThat(everything).doesNotContain(line).doesNotContain(secret.getData().get("tls.key"));
      assertThat(secret.getMetadata().toString()).doesNotContain(line);
    }
  }

  @Test
  void aRestartIssuesNothingAndADeletedSecretComesBack() throws IOException {
    operator.apply(peer("a", 1));
    eventually().until(() -> operator.peerCondition("a", READY).equals("True/Ready"));
    Supplier<String> versions =
        () ->
            operator.child(Secret.class, "ops-proxy-ca").getMetadata().getResourceVersion()
                + " "
                + operator.child(Secret.class, "a-identity").getMetadata().getResourceVersion();
    String before = versions.get();
    operator.restart();
    operator.apply(peer("b", 1));
    eventually().until(() -> operator.peerCondition("b", READY).equals("True/Ready"));
    operator.trigger("a");
    assertThat(versions.get()).isEqualTo(before);

    server.client().resource(operator.child(Secret.class, "a-identity")).delete();
    operator.restart();
    eventually().until(() -> operator.child(Secret.class, "a-identity") != null);
    assertThat(operator.peerCondition("a", TRUSTED)).isEqualTo("True/Trusted");
  }

  @Test
  void aRenewedCertificateFailsNoRequest() throws IOException {
    operator.apply(peer("a", 1, "b") + peer("b", 1) + mesh.service("web", "a"));
    eventually().until(() -> operator.peerCondition("a", CONNECTED).equals("True/Connected"));
    eventually().until(() -> operator.peerCondition("b", READY).equals("True/Ready"));
    Pod a = mesh.pods("a").get(0);
    Pod b = mesh.pods("b").get(0);
    eventually().until(() -> mesh.get(b, "web.example.com").contains(ANSWER));
    String before = operator.peer("a").getStatus().mesh().certificateExpires();
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger requests = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    Thread load =
        new Thread(
            () -> {
              while (!over.get()) {
                String answer = mesh.get(b, "web.example.com");
                requests.incrementAndGet();
                if (!answer.contains(ANSWER)) {
                  failures.add(answer);
                }
              }
            });
    load.start();
    try {
      // As if two thirds of its life were over.
      server.client().resource(operator.child(Secret.class, "a-identity")).delete();
      operator.restart();
      eventually()
          .until(
              () -> operator.peer("a").getStatus().mesh().certificateExpires(),
              now -> !now.equals(before));
      String renewed = operator.peer("a").getStatus().mesh().certificateExpires();
      eventually().until(() -> mesh.page(a, "/status").contains(renewed));
      eventually().until(() -> mesh.page(b, "/status").contains(renewed));
      int then = requests.get();
      eventually().until(() -> requests.get() > then + 20);
    } finally {
      over.set(true);
    }
    assertThat(failures).isEmpty();
    assertThat(mesh.pods("a").get(0).getMetadata().getUid()).isEqualTo(a.getMetadata().getUid());
  }

  @Test
  void aSecretOfSomebodyElseIsLeftAlone() {
    Secret foreign = new TestAuthority("other.test").secret("a-identity", "a", Duration.ofDays(30));
    foreign.getMetadata().setNamespace(namespace);
    server.client().resource(foreign).create();
    operator.apply(peer("a", 1));
    eventually().until(() -> operator.peerCondition("a", READY).equals("False/IdentityNotReady"));
    assertThat(operator.peerMessage("a", TRUSTED))
        .contains("Secret " + namespace + "/a-identity exists and belongs to somebody else");
    // Nothing is made of it either.
    assertThat(operator.config("a")).isEmpty();

    server.client().resource(foreign).delete();
    eventually().until(() -> operator.peerCondition("a", READY).equals("True/Ready"));
  }
}
