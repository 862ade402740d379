package io.opsproxy.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RenderCommandTest {
  private static final String PEER =
      """
      apiVersion: opsproxy.io/v1alpha1
      kind: ProxyPeer
      metadata: {name: edge, namespace: mesh}
      spec: {}
      """;
  private static final String SERVICE =
      """
      ---
      apiVersion: opsproxy.io/v1alpha1
      kind: ExposedService
      metadata: {name: %s, namespace: mesh}
      spec:
        peerRef: {name: edge}
        hostnames: [%s]
        backend: {serviceRef: {name: web, port: 80}}
      """;

  @TempDir private Path directory;
  private Path file;
  private String out = "";
  private String err = "";

  @BeforeEach
  void name() {
    file = directory.resolve("mesh.yaml");
  }

  private int run(String... arguments) throws IOException {
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    ByteArrayOutputStream newOut = new ByteArrayOutputStream();
    ByteArrayOutputStream newErr = new ByteArrayOutputStream();
    System.setOut(new PrintStream(newOut, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(newErr, true, StandardCharsets.UTF_8));
    try {
      List<String> all = new ArrayList<>(List.of("render"));
      all.addAll(Arrays.asList(arguments));
      return Main.commandLine().execute(all.toArray(String[]::new));
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
      out = newOut.toString(StandardCharsets.UTF_8);
      err = newErr.toString(StandardCharsets.UTF_8);
    }
  }

  private List<String> printed() {
    return Arrays.stream(out.split("---\n", -1))
        .filter(text -> !text.isBlank())
        .map(text -> new KubernetesSerialization().unmarshal(text, GenericKubernetesResource.class))
        .map(GenericKubernetesResource::getKind)
        .distinct()
        .toList();
  }

  @Test
  void printsWhatWouldBeAppliedAndNothingElse() throws IOException {
    Files.writeString(file, PEER + SERVICE.formatted("web", "web.example.com"));
    assertThat(run("-f", file.toString(), "--peer-image=example/peer:7")).isZero();
    assertThat(printed())
        .containsExactly(
            "ServiceAccount",
            "ConfigMap",
            "Service",
            "NetworkPolicy",
            "PodDisruptionBudget",
            "Deployment",
            "ServiceMonitor",
            "PrometheusRule");
    assertThat(out)
        .contains("image: \"example/peer:7\"")
        .contains("web.example.com:web.mesh.svc:80");
    assertThat(err).isEmpty();
  }

  @Test
  void leavesOutKindsThatTheClusterDoesNotKnow() throws IOException {
    Files.writeString(file, PEER);
    assertThat(run("-f", file.toString(), "--without=PodMonitor,PrometheusRule")).isZero();
    assertThat(printed()).contains("ServiceMonitor").doesNotContain("PodMonitor", "PrometheusRule");
    assertThat(run("-f", file.toString(), "--without=Deployment")).isEqualTo(2);
    assertThat(err).contains("\"Deployment\" is none of ServiceMonitor, PodMonitor");
  }

  @Test
  void printsWhatIsAskedForAlone() throws IOException {
    Files.writeString(file, PEER);
    assertThat(run("-f", file.toString(), "--only=ConfigMap,Deployment")).isZero();
    assertThat(printed()).containsOnly("ConfigMap", "Deployment");
    assertThat(out).contains("edge-dashboard");
    assertThat(run("-f", file.toString(), "--only=ConfigMap", "--without=dashboard")).isZero();
    assertThat(printed()).containsOnly("ConfigMap");
    assertThat(out).contains("name: \"edge-config\"").doesNotContain("edge-dashboard");
    assertThat(run("-f", file.toString(), "--only=Configmap")).isEqualTo(2);
    assertThat(err)
        .contains("--only: there is no \"Configmap\"; there are ConfigMap, Deployment, ");
  }

  @Test
  void endsWithOneAndTheConditionWhenAnObjectIsRefused() throws IOException {
    Files.writeString(
        file,
        PEER
            + SERVICE.formatted("a", "web.example.com")
            + SERVICE.formatted("b", "web.example.com"));
    assertThat(run("-f", file.toString())).isEqualTo(1);
    assertThat(err)
        .isEqualTo(
            "ExposedService mesh/b: Accepted False NameConflict: \"web.example.com\" belongs to"
                + " ExposedService mesh/a, which comes first\n");
    assertThat(printed()).contains("Deployment");
  }

  @Test
  void saysWhatIsRefusedInPartAndEndsWithZero() throws IOException {
    Files.writeString(
        file,
        PEER
            + SERVICE.formatted("a", "web.example.com")
            + SERVICE.formatted("b", "web.example.com, b.example.com"));
    assertThat(run("-f", file.toString())).isZero();
    assertThat(err).startsWith("ExposedService mesh/b: Accepted True PartialNameConflict: ");
  }

  @Test
  void printsNothingWithAFileThatAnApiServerWouldRefuse() throws IOException {
    Files.writeString(file, PEER.replace("spec: {}", "spec: {replica: 3}"));
    assertThat(run("-f", file.toString())).isEqualTo(1);
    assertThat(out).isEmpty();
    assertThat(err).contains("mesh.yaml:4: ").contains("did you mean \"replicas\"?");
  }

  @Test
  void takesSeveralFilesAndDirectories() throws IOException {
    Files.writeString(file, PEER);
    Path more = Files.createDirectory(directory.resolve("more"));
    Files.writeString(more.resolve("a.yml"), SERVICE.formatted("a", "a.example.com"));
    Files.writeString(more.resolve("ignored.txt"), "no yaml: [");
    assertThat(run("-f", file.toString(), more.toString())).isZero();
    assertThat(out).contains("a.example.com");
    assertThat(run("-f", file.toString(), "-f", more.toString())).isZero();
    assertThat(run("-f", file.toString(), "-f", "nowhere.yaml")).isEqualTo(1);
    assertThat(err).isEqualTo("nowhere.yaml: does not exist\n");
  }

  @Test
  void needsAPeer() throws IOException {
    Files.writeString(file, "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n");
    assertThat(run("-f", file.toString())).isEqualTo(1);
    assertThat(err).isEqualTo("no ProxyPeer in these files\npassed over: 1 Secret\n");
    assertThat(run()).isEqualTo(2);
  }
}
