package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestMesh.ANSWER;
import static io.opsproxy.operator.live.TestMesh.peer;
import static io.opsproxy.operator.live.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.operator.status.Conditions;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Hundreds of objects that come at once are few writes. */
@RealApiServer
final class ManyServicesTest {
  private static final int SERVICES = 300;
  private static final int MOST_WRITES = 39;

  private final KubeServer server;
  private final String namespace;

  ManyServicesTest(KubeServer server) {
    this.server = server;
    namespace = server.newNamespace("many");
  }

  @Test
  void threeHundredAppliedAtOnceAreReadyWithinAMinuteAndInFewWrites() throws IOException {
    Set<String> versions = ConcurrentHashMap.newKeySet();
    try (TestMesh mesh = TestMesh.start(server, namespace);
        TestOperator operator = TestOperator.start(server, namespace);
        SharedIndexInformer<ConfigMap> watch = watch(versions)) {
      operator.apply(peer("edge", 2));
      eventually().until(() -> operator.peerCondition("edge", READY).equals("True/Ready"));
      assertThat(versions).hasSize(1);

      // One call, as of a user.
      operator.kubectlApply(
          IntStream.range(0, SERVICES)
              .mapToObj(i -> mesh.service("web-" + i, "edge"))
              .collect(Collectors.joining()));
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> ready() == SERVICES);

      assertThat(versions).hasSizeBetween(2, 1 + MOST_WRITES);
      assertThat(mesh.get(mesh.pods("edge").get(0), "web-299.example.com")).contains(ANSWER);
      assertThat(watch.isWatching()).isTrue();
    }
  }

  /** Collects the versions of the peer's ConfigMap. */
  private SharedIndexInformer<ConfigMap> watch(Set<String> versions) {
    return server
        .client()
        .configMaps()
        .inNamespace(namespace)
        .withName("edge-config")
        .inform(
            new ResourceEventHandler<>() {
              @Override
              public void onAdd(ConfigMap map) {
                versions.add(map.getMetadata().getResourceVersion());
              }

              @Override
              public void onUpdate(ConfigMap before, ConfigMap map) {
                onAdd(map);
              }

              @Override
              public void onDelete(ConfigMap map, boolean unknown) {}
            });
  }

  private long ready() {
    return server
        .client()
        .resources(ExposedService.class)
        .inNamespace(namespace)
        .list()
        .getItems()
        .stream()
        .filter(
            one ->
                one.getStatus() != null
                    && Conditions.find(one.getStatus().conditions(), READY)
                        .filter(it -> it.getStatus().equals("True"))
                        .isPresent())
        .count();
  }
}
