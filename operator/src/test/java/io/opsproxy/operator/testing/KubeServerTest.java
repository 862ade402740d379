package io.opsproxy.operator.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

@RealApiServer
final class KubeServerTest {
  private final KubeServer server;
  private final KubernetesClient client;
  private final String namespace;

  KubeServerTest(KubeServer server) {
    this.server = server;
    client = server.client();
    namespace = server.newNamespace("server");
  }

  @Test
  void childrenOfADeletedCustomResourceAreCollectedWithinSeconds() {
    ProxyPeer peer =
        Serialization.unmarshal(
            """
            apiVersion: opsproxy.io/v1alpha1
            kind: ProxyPeer
            metadata: {name: edge}
            spec: {replicas: 1}
            """,
            ProxyPeer.class);
    ProxyPeer created = client.resource(peer).inNamespace(namespace).create();
    ConfigMap child = named("edge-config");
    child.addOwnerReference(created);
    client.resource(child).create();

    client.resource(created).delete();

    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> client.configMaps().inNamespace(namespace).withName("edge-config").get() == null);
  }

  @Test
  void fieldOfAnotherManagerIsAConflictUnlessForced() {
    ConfigMap mine = named("shared");
    mine.setData(Map.of("key", "mine"));
    client.resource(mine).fieldManager("one").serverSideApply();
    ConfigMap theirs = named("shared");
    theirs.setData(Map.of("key", "theirs"));

    assertThatThrownBy(() -> client.resource(theirs).fieldManager("two").serverSideApply())
        .isInstanceOfSatisfying(
            KubernetesClientException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(409);
              assertThat(e).hasMessageContaining("conflict with \"one\"");
            });
    ConfigMap forced =
        client.resource(theirs).fieldManager("two").forceConflicts().serverSideApply();
    assertThat(forced.getData()).containsEntry("key", "theirs");
  }

  @Test
  void serviceAccountHasItsOwnRightsOnly() {
    await()
        .until(
            () ->
                client.serviceAccounts().inNamespace(namespace).withName("default").get() != null);
    try (KubernetesClient account = server.clientAs(namespace, "default")) {
      assertThatThrownBy(() -> account.configMaps().inNamespace(namespace).list())
          .isInstanceOfSatisfying(
              KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(403));
    }
  }

  @Test
  void objectsSurviveARestartOfTheApiServer() {
    try (KubeServer own = KubeServer.start()) {
      own.client().resource(named("kept")).inNamespace("default").create();
      own.stopApiServer();
      own.startApiServer();
      assertThat(own.client().configMaps().inNamespace("default").withName("kept").get())
          .isNotNull();
    }
  }

  private ConfigMap named(String name) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace)
        .endMetadata()
        .build();
  }
}
