package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestMesh.ANSWER;
import static io.opsproxy.operator.live.TestMesh.peer;
import static io.opsproxy.operator.live.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A peer whose configuration is larger than a ConfigMap, served by real peers. */
@RealApiServer
final class LargePeerTest {
  private final KubeServer server;
  private final String namespace;

  LargePeerTest(KubeServer server) {
    this.server = server;
    namespace = server.newNamespace("large");
  }

  /** 64 names of 250 characters. */
  private static String wide(int object) {
    String names =
        IntStream.range(0, 64)
            .mapToObj(
                i ->
                    String.format("n%02d-%03d.", i, object)
                        + ("x".repeat(59) + ".").repeat(4)
                        + "c")
            .collect(Collectors.joining(", "));
    return """
        ---
        apiVersion: opsproxy.io/v1alpha1
        kind: ExposedService
        metadata: {name: wide-%d}
        spec: {peerRef: {name: edge}, hostnames: [%s], backend: {addresses: [{address: "10.0.0.1:80"}]}}
        """
        .formatted(object, names);
  }

  private ConfigMap map(TestOperator operator, String name) {
    return operator.child(ConfigMap.class, name);
  }

  @Test
  void isCompressedAndServedAndTextAgainWhenItIsSmall() throws IOException {
    try (TestMesh mesh = TestMesh.start(server, namespace);
        TestOperator operator = TestOperator.startDeployed(server, namespace)) {
      operator.apply(peer("edge", 1) + mesh.service("web", "edge"));
      eventually().until(() -> operator.serviceCondition("web", READY).equals("True/Ready"));
      assertThat(map(operator, "edge-addr")).isNull();

      for (int i = 0; i < 70; i++) {
        operator.apply(wide(i));
      }
      eventually().until(() -> map(operator, "edge-addr") != null);
      eventually()
          .until(
              () ->
                  operator.serviceCondition("wide-69", READY).startsWith("False/NoHealthyEndpoint")
                      || operator.serviceCondition("wide-69", READY).equals("True/Ready"));
      eventually().until(() -> operator.peerCondition("edge", READY).equals("True/Ready"));
      ConfigMap mounted = map(operator, "edge-config");
      assertThat(mounted.getBinaryData()).containsOnlyKeys("config.yaml.gz");
      assertThat(mounted.getData()).doesNotContainKey("config.yaml");
      assertThat(map(operator, "edge-addr").getData())
          .containsKey("REMOTE_PEER_ADDR")
          // More than a mebibyte of names.
          .containsEntry("SERVICE_ADDR_OMITTED", Integer.toString(70 * 64 + 1));
      Pod pod = mesh.pods("edge").get(0);
      assertThat(mesh.get(pod, "web.example.com")).contains(ANSWER);
      assertThat(mesh.page(pod, "/status"))
          .contains(operator.peer("edge").getStatus().configHash());

      for (int i = 0; i < 70; i++) {
        server.client().resource(operator.service("wide-" + i)).delete();
      }
      eventually().until(() -> map(operator, "edge-addr") == null);
      eventually().until(() -> operator.peerCondition("edge", READY).equals("True/Ready"));
      assertThat(map(operator, "edge-config").getData()).containsKey("config.yaml");
      assertThat(mesh.get(pod, "web.example.com")).contains(ANSWER);
    }
  }
}
