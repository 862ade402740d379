package io.opsproxy.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.OperatorProgram;
import io.opsproxy.operator.testing.RealApiServer;
import java.time.Duration;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/** An operator without a server, or without its kinds, says so, waits, and then works. */
@RealApiServer
final class ReadinessTest {
  private static ConditionFactory eventually() {
    return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100));
  }

  @Test
  void theOperatorWaitsForAServerAndForItsKindsAndComesBackAfterAnOutage() {
    try (KubeServer server = KubeServer.start()) {
      KubernetesClient client = server.client();
      server.kubectl("delete", "crd", "proxypeers.opsproxy.io", "exposedservices.opsproxy.io");
      server.stopApiServer();
      try (OperatorProgram operator =
          OperatorProgram.start(
              server.kubeconfig(), Map.of("WATCH_NAMESPACES", "default"), "operator")) {
        eventually()
            .until(
                () -> operator.page("/readyz"),
                page ->
                    page.startsWith("503 ")
                        && page.contains(server.url())
                        && page.contains("does not answer: connection refused"));
        assertThat(operator.page("/healthz")).startsWith("200 ");

        server.startApiServer();
        eventually()
            .until(
                () -> operator.page("/readyz"),
                page ->
                    page.startsWith("503 ")
                        && page.contains("proxypeers.opsproxy.io")
                        && page.contains("kubectl apply -k deploy/"));

        server.kubectl("apply", "-k", "../crds");
        eventually().until(operator::isReady);
        applyPeer(server, "one");
        eventually().until(() -> isSeen(client, "one"));

        server.stopApiServer();
        eventually()
            .until(
                () -> operator.page("/readyz"),
                page -> page.startsWith("503 ") && page.contains(server.url()));
        server.startApiServer();
        eventually().until(operator::isReady);
        applyPeer(server, "two");
        eventually().until(() -> isSeen(client, "two"));
        assertThat(operator.isAlive()).isTrue();
      }
    }
  }

  private static void applyPeer(KubeServer server, String name) {
    ProxyPeer peer =
        server
            .client()
            .getKubernetesSerialization()
            .unmarshal(
                """
                apiVersion: opsproxy.io/v1alpha1
                kind: ProxyPeer
                metadata: {name: %s, namespace: default}
                spec: {}
                """
                    .formatted(name),
                ProxyPeer.class);
    server.client().resource(peer).serverSideApply();
  }

  private static boolean isSeen(KubernetesClient client, String name) {
    ProxyPeer peer = client.resources(ProxyPeer.class).inNamespace("default").withName(name).get();
    return peer.getStatus() != null;
  }
}
