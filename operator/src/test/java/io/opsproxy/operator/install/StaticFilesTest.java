package io.opsproxy.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.MonitoringKinds;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files that run a peer without the operator fit each other, and a server takes them. */
@RealApiServer(controllers = false)
final class StaticFilesTest {
  private static final Path DIRECTORY = Path.of("..", "deploy", "static");

  private final KubeServer server;
  private final String namespace;

  StaticFilesTest(KubeServer server, KubernetesClient client) {
    this.server = server;
    MonitoringKinds.install(client);
    namespace = server.newNamespace("static");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"deployment.yaml", "service.yaml", "../servicemonitor.yaml", "../podmonitor.yaml"})
  void aServerTakesIt(String file) {
    assertThat(
            server.kubectl(
                "apply",
                "--server-side",
                "--dry-run=server",
                "-n",
                namespace,
                "-f",
                DIRECTORY.resolve(file).toString()))
        .contains("/ops-proxy serverside-applied");
  }

  @Test
  void servicesAndMonitorsFindThePodsAndTheirPorts() throws IOException {
    JsonNode pod = only("deployment.yaml").at("/spec/template");
    JsonNode service = only("service.yaml");
    JsonNode labels = pod.at("/metadata/labels");
    List<String> ports = pod.at("/spec/containers/0/ports").findValuesAsText("name");

    assertThat(service.at("/spec/selector")).isEqualTo(labels);
    assertThat(service.at("/spec/ports").findValuesAsText("targetPort"))
        .containsExactlyInAnyOrderElementsOf(ports);
    JsonNode serviceMonitor = only("../servicemonitor.yaml");
    assertThat(serviceMonitor.at("/spec/selector/matchLabels"))
        .isEqualTo(service.at("/metadata/labels"));
    assertThat(service.at("/spec/ports").findValuesAsText("name"))
        .contains(serviceMonitor.at("/spec/endpoints/0/port").asText());
    JsonNode podMonitor = only("../podmonitor.yaml");
    assertThat(podMonitor.at("/spec/selector/matchLabels")).isEqualTo(labels);
    assertThat(ports).contains(podMonitor.at("/spec/podMetricsEndpoints/0/port").asText());
  }

  private static JsonNode only(String file) throws IOException {
    var found = Manifests.of(Files.readString(DIRECTORY.resolve(file)));
    assertThat(found).hasSize(1);
    return found.values().iterator().next();
  }
}
