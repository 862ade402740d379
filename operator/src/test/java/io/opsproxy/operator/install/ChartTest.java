package io.opsproxy.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The Helm chart and the kustomize directories install the same objects, which a server takes. */
@RealApiServer(controllers = false)
final class ChartTest {
  private static final String CHART = "../deploy/helm/ops-proxy";
  private static final String NAMESPACE = "ops-proxy-system";

  private final KubeServer server;
  @TempDir private Path scratch;

  ChartTest(KubeServer server, KubernetesClient client) {
    this.server = server;
    // Dry runs do not make the namespace of the objects that follow.
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build())
        .serverSideApply();
  }

  private String chart(String... values) {
    List<String> command =
        new ArrayList<>(
            List.of("template", "ops-proxy", CHART, "-n", NAMESPACE, "--kube-version", "1.34.3"));
    for (String value : values) {
      command.add("--set");
      command.add(value);
    }
    return server.helm(command.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "../deploy, highAvailability=false",
    "../deploy/overlays/namespaced, watchNamespaces={ops-proxy-system}",
    "../deploy/overlays/highly-available, highAvailability=true",
    "../deploy/overlays/without-monitoring, monitoring.service=false",
  })
  void theChartInstallsWhatKustomizeDoes(String directory, String value) throws IOException {
    Map<String, JsonNode> plain = Manifests.of(server.kubectl("kustomize", directory));
    String rendered =
        chart("namespace.create=true", "image.tag=latest", "peerImage.tag=latest", value);

    assertThat(Manifests.of(rendered)).isEqualTo(plain);
    assertThat(plain).hasSizeGreaterThan(8);
    for (String yaml : List.of(rendered, server.kubectl("kustomize", directory))) {
      Path file = Files.writeString(scratch.resolve("objects.yaml"), yaml);
      assertThat(
              server.kubectl(
                  "apply",
                  "--server-side",
                  "--dry-run=server",
                  "--force-conflicts",
                  "-f",
                  file.toString()))
          .contains("deployment.apps/ops-proxy-operator");
    }
  }

  @Test
  void theOperatorIsWatchedAlikeByChartAndOverlay() {
    Map<String, JsonNode> chart =
        Manifests.of(
            chart(
                "namespace.create=true",
                "image.tag=latest",
                "peerImage.tag=latest",
                "monitoring.serviceMonitor=true",
                "monitoring.rules=true",
                "monitoring.dashboard=true"));
    assertThat(chart)
        .isEqualTo(Manifests.of(server.kubectl("kustomize", "../deploy/overlays/monitoring")))
        .containsKeys(
            "ServiceMonitor " + NAMESPACE + "/ops-proxy-operator",
            "PrometheusRule " + NAMESPACE + "/ops-proxy-operator",
            "ConfigMap " + NAMESPACE + "/ops-proxy-operator-dashboard");
  }

  @Test
  void aNamespacedInstallationHasRightsInTheseNamespacesAlone() {
    Map<String, JsonNode> objects = Manifests.of(chart("watchNamespaces={a,b}"));

    assertThat(objects)
        .containsKeys(
            "RoleBinding a/ops-proxy-operator-objects", "RoleBinding b/ops-proxy-operator-objects")
        .doesNotContainKey("ClusterRoleBinding /ops-proxy-operator");
    assertThat(objects.get("Deployment " + NAMESPACE + "/ops-proxy-operator").toString())
        .contains("{\"name\":\"WATCH_NAMESPACES\",\"value\":\"a,b\"}");
  }

  private Map<String, JsonNode> release(String name, String namespace, String... values) {
    List<String> command =
        new ArrayList<>(
            List.of("template", name, CHART, "-n", namespace, "--kube-version", "1.34.3"));
    for (String value : values) {
      command.add("--set");
      command.add(value);
    }
    return Manifests.of(server.helm(command.toArray(String[]::new)));
  }

  @Test
  void twoReleasesStandSideBySide() {
    Map<String, JsonNode> first = release("ops-proxy", NAMESPACE);
    String[] without = {"crds.install=false", "aggregatedRoles=false"};
    for (Map<String, JsonNode> second :
        List.of(release("blue", NAMESPACE, without), release("ops-proxy", "elsewhere", without))) {
      assertThat(second).hasSizeGreaterThan(5);
      assertThat(first.keySet()).doesNotContainAnyElementsOf(second.keySet());
    }
    JsonNode blue =
        release("blue", NAMESPACE, without).get("Deployment " + NAMESPACE + "/blue-operator");
    assertThat(blue.toString())
        .contains("{\"name\":\"OPERATOR_LEASE_NAME\",\"value\":\"blue-operator\"}");
    assertThat(blue.at("/spec/selector/matchLabels").toString()).contains("blue");
  }

  @Test
  void imagesMayBePinnedAndArgumentsAdded() {
    String digest = "sha256:" + "0123456789abcdef".repeat(4);
    assertThat(
            chart(
                "image.digest=" + digest,
                "peerImage.digest=" + digest,
                "extraArgs={--namespaces,a}"))
        .contains("image: \"ops-proxy/operator@" + digest + "\"")
        .contains("value: \"ops-proxy/dataplane@" + digest + "\"")
        .contains("[\"operator\",\"--leader-elect\",\"--namespaces\",\"a\"]");
  }

  @Test
  void theChartKeepsTheKindsAndThoseWhoHaveThemDoWithout() {
    assertThat(chart()).contains("helm.sh/resource-policy: keep");
    assertThat(chart("crds.keep=false")).doesNotContain("resource-policy");
    assertThat(chart("crds.install=false")).doesNotContain("CustomResourceDefinition");
  }

  @Test
  void theVersionOfTheChartIsThatOfTheProject() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String version = pom.substring(pom.indexOf("<version>") + 9, pom.indexOf("</version>"));

    assertThat(Files.readAllLines(Path.of(CHART, "Chart.yaml")))
        .contains("version: " + version, "appVersion: " + version);
    assertThat(chart())
        .contains("image: \"ops-proxy/operator:" + version + "\"")
        .contains("value: \"ops-proxy/dataplane:" + version + "\"");
  }

  @ParameterizedTest
  @CsvSource({
    "replicaz=3, replicaz",
    "replicas=many, replicas",
    "image.repository=, repository",
    "image.pullPolicy=Sometimes, pullPolicy",
    "watchNamespaces={Not_a_name}, watchNamespaces",
  })
  void wrongValuesAreNamed(String value, String named) {
    assertThatThrownBy(() -> chart(value))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(named);
  }
}
