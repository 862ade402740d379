package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestMesh.ANSWER;
import static io.opsproxy.operator.live.TestMesh.peer;
import static io.opsproxy.operator.live.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.CONNECTED;
import static io.opsproxy.operator.status.ConditionType.PROGRAMMED;
import static io.opsproxy.operator.status.ConditionType.READY;
import static io.opsproxy.operator.status.ConditionType.RESOLVED_REFS;
import static io.opsproxy.operator.status.ConditionType.TRUSTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.opsproxy.api.v1alpha1.MeshStatus;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.KubeletTiming;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers whose certificates stand in Secrets of another product: real pods that link by them. */
@RealApiServer
final class IdentityTest {
  private static final Duration VALID = Duration.ofDays(30);

  private final KubeServer server;
  private final String namespace;
  private final TestAuthority authority = new TestAuthority("mesh.test");
  private TestMesh mesh;
  private TestOperator operator;

  IdentityTest(KubeServer server) {
    this.server = server;
    namespace = server.newNamespace("identity");
  }

  @BeforeEach
  void start() throws IOException {
    // Nothing happens to a pod when a Secret does: its volume is refreshed in the end.
    KubeletTiming timing = KubeletTiming.USUAL.withSyncPeriod(Duration.ofSeconds(5));
    mesh = TestMesh.start(server, namespace, timing);
    operator = TestOperator.start(server, namespace);
  }

  @AfterEach
  void stop() {
    operator.close();
    mesh.close();
  }

  private void put(Secret secret) {
    secret.getMetadata().setNamespace(namespace);
    server.client().resource(secret).forceConflicts().serverSideApply();
  }

  /** A peer with the Secret NAME-tls. */
  private static String trusting(String peer, String name, String mesh) {
    return peer.replace(
        "spec: {",
        "spec: {mesh: {identity: {mode: Secret, secretName: " + name + "-tls}, " + mesh + "}, ");
  }

  private String inline(String names) {
    return "trust: [{name: all, caBundle: " + authority.quoted() + ", names: " + names + "}]";
  }

  @Test
  void peersWithCertificatesServeEachOthersNamesUntilOneIsRevoked() {
    put(authority.secret("a-tls", "a", VALID));
    put(authority.secret("b-tls", "b", VALID));
    operator.apply(
        trusting(peer("a", 2, "b"), "a", inline("['*']"))
            + trusting(peer("b", 1), "b", inline("['*.example.com']"))
            + mesh.service("web", "a"));
    eventually().until(() -> operator.peerCondition("a", CONNECTED).equals("True/Connected"));
    eventually().until(() -> operator.peerCondition("b", READY).equals("True/Ready"));
    Pod b = mesh.pods("b").get(0);
    eventually().until(() -> mesh.get(b, "web.example.com").contains(ANSWER));
    assertThat(mesh.page(b, "/status")).contains(authority.id("a")).contains("\"protocol\":\"v2\"");
    assertThat(operator.peerCondition("b", TRUSTED)).isEqualTo("True/Trusted");
    MeshStatus status = operator.peer("b").getStatus().mesh();
    assertThat(status.id()).isEqualTo(authority.id("b"));
    assertThat(status.trustBundle()).isEqualTo(authority.pem());
    assertThat(mesh.page(b, "/status")).contains(status.certificateExpires());

    String revoked = inline("['*.example.com']") + ", revoked: ['" + authority.id("a") + "']";
    operator.apply(trusting(peer("b", 1), "b", revoked));
    eventually().until(() -> mesh.get(b, "web.example.com").contains("503"));
    eventually().until(() -> operator.peerCondition("b", PROGRAMMED).equals("True/Programmed"));
    eventually().until(() -> operator.peerCondition("a", CONNECTED).startsWith("False/"));
    // No pod was replaced for it.
    assertThat(mesh.pods("b")).hasSize(1);
    assertThat(mesh.pods("b").get(0).getMetadata().getUid()).isEqualTo(b.getMetadata().getUid());
  }

  @Test
  void whatIsWrongWithASecretIsSaidAndItsRenewalIsSeen() {
    operator.apply(trusting(peer("a", 1), "a", inline("['*']")));
    eventually().until(() -> operator.peerCondition("a", READY).equals("False/SecretNotFound"));
    assertThat(operator.peerMessage("a", TRUSTED))
        .contains("Secret " + namespace + "/a-tls does not exist");

    Secret secret = authority.secret("a-tls", "a", VALID);
    secret.getStringData().put("tls.crt", "no certificate");
    put(secret);
    eventually()
        .until(() -> operator.peerCondition("a", TRUSTED).equals("False/InvalidCertificate"));
    put(authority.secret("a-tls", "a", Duration.ofMinutes(-1)));
    eventually().until(() -> operator.peerCondition("a", READY).equals("False/CertificateExpired"));
    put(authority.secret("a-tls", "a", Duration.ofMinutes(10)));
    eventually().until(() -> operator.peerCondition("a", TRUSTED).equals("True/Expiring"));
    put(authority.secret("a-tls", "a", VALID));
    // The pods show it first, and are asked all the time.
    eventually().until(() -> operator.peerCondition("a", TRUSTED).equals("True/Trusted"));
    eventually().until(() -> operator.peerCondition("a", READY).equals("True/Ready"));
    Pod a = mesh.pods("a").get(0);
    eventually()
        .untilAsserted(
            () ->
                assertThat(mesh.page(a, "/status"))
                    .contains(operator.peer("a").getStatus().mesh().certificateExpires()));
    assertThat(mesh.pods("a")).hasSize(1);
  }

  @Test
  void anAuthorityInAConfigMapIsFollowedAndSaidWhereItIsMissing() {
    put(authority.secret("a-tls", "a", VALID));
    put(authority.secret("b-tls", "b", VALID));
    String reference = "trust: [{name: all, configMapRef: {name: authorities}, names: ['*']}]";
    operator.apply(
        trusting(peer("a", 1, "b"), "a", inline("['*']"))
            + trusting(peer("b", 1), "b", reference)
            + mesh.service("web", "a"));
    eventually()
        .until(
            () -> operator.peerCondition("b", RESOLVED_REFS).equals("False/TrustBundleNotFound"));
    assertThat(operator.peerMessage("b", RESOLVED_REFS))
        .contains("ConfigMap " + namespace + "/authorities does not exist");

    ConfigMap map =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName("authorities")
            .withNamespace(namespace)
            .endMetadata()
            .addToData("ca.crt", "no certificate")
            .build();
    server.client().resource(map).create();
    eventually()
        .until(() -> operator.peerMessage("b", RESOLVED_REFS), text -> text.contains("no PEM"));
    map.getData().put("ca.crt", authority.pem());
    server.client().resource(map).update();
    eventually().until(() -> operator.peerCondition("b", RESOLVED_REFS).startsWith("True/"));
    eventually().until(() -> operator.peerCondition("a", CONNECTED).equals("True/Connected"));
    Pod b = mesh.pods("b").get(0);
    eventually().until(() -> mesh.get(b, "web.example.com").contains(ANSWER));

    server.client().resource(map).delete();
    eventually().until(() -> mesh.get(b, "web.example.com").contains("503"));
  }
}
