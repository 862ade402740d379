package io.opsproxy.operator.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.operator.render.ObjectKey;
import org.junit.jupiter.api.Test;

final class ManifestReaderTest {
  private static final String PEER =
      """
      apiVersion: opsproxy.io/v1alpha1
      kind: ProxyPeer
      metadata: {name: core}
      spec: {}
      """;

  private final ManifestReader reader = new ManifestReader("mesh");

  private void read(String text) {
    reader.read("a.yaml", text);
  }

  private void refused(String... faults) {
    assertThat(reader.manifests()).isEmpty();
    assertThat(reader.faults().stream().map(Fault::toString)).containsExactly(faults);
  }

  private Manifests taken() {
    assertThat(reader.faults()).isEmpty();
    return reader.manifests().orElseThrow();
  }

  @Test
  void fillsDefaultsInAndTheNamespace() {
    read(PEER);
    assertThat(taken().peers()).containsOnlyKeys(new ObjectKey("mesh", "core"));
    assertThat(taken().peers().get(new ObjectKey("mesh", "core")).getSpec().replicas())
        .isEqualTo(2);
  }

  @Test
  void refusesUnknownFieldsWithTheirLine() {
    read(PEER.replace("spec: {}", "spec:\n  replicas: 1\n  listen:\n    proxyprot: 1"));
    refused(
        "a.yaml:7: ProxyPeer mesh/core: spec.listen.proxyprot: unknown field"
            + " \"spec.listen.proxyprot\"; did you mean \"proxyPort\"?");
  }

  @Test
  void namesEveryFaultOfAllTexts() {
    read(PEER.replace("spec: {}", "spec: {replicas: -1}"));
    reader.read("b.yaml", PEER.replace("core", "Bad_Name"));
    assertThat(reader.faults()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(reader.faults().get(0).toString()).startsWith("a.yaml:4: ").contains("replicas");
    assertThat(reader.faults().get(reader.faults().size() - 1).toString()).startsWith("b.yaml:3: ");
    assertThat(reader.manifests()).isEmpty();
  }

  @Test
  void takesAnchorsMergeKeysAndLists() {
    read(
        """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: opsproxy.io/v1alpha1
          kind: ExposedService
          metadata: {name: a, creationTimestamp: 2026-01-02T03:04:05Z}
          spec: &spec
            peerRef: {name: core}
            hostnames: [a.example.com]
            backend: {addresses: [{address: "10.0.0.1:80"}]}
        - apiVersion: opsproxy.io/v1alpha1
          kind: ExposedService
          metadata: {name: b}
          spec:
            <<: *spec
            hostnames: [b.example.com]
        """);
    var services = taken().servicesOf(new ObjectKey("mesh", "core"));
    assertThat(services).hasSize(2);
    assertThat(services.get(0).getMetadata().getCreationTimestamp())
        .isEqualTo("2026-01-02T03:04:05Z");
    assertThat(services.get(1).getSpec().hostnames()).containsExactly("b.example.com");
    assertThat(services.get(1).getSpec().backend().addresses()).hasSize(1);
  }

  @Test
  void namesTheLineInsideAList() {
    read(
        """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: opsproxy.io/v1alpha1
          kind: ProxyPeer
          metadata: {name: core}
          spec:
            replicas: many
        """);
    assertThat(reader.faults()).singleElement().extracting(Fault::line).isEqualTo(8);
  }

  @Test
  void takesJson() {
    read(
        """
        {"apiVersion": "opsproxy.io/v1alpha1", "kind": "ProxyPeer",
         "metadata": {"name": "core", "namespace": "other"}, "spec": {"replicas": 1}}
        """);
    assertThat(taken().peers()).containsOnlyKeys(new ObjectKey("other", "core"));
  }

  @Test
  void passesOverOtherKindsAndEmptyDocuments() {
    read(
        "---\n# nothing\n---\n"
            + PEER
            + "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n---\n");
    assertThat(taken().passedOver()).containsEntry("Deployment", 1).hasSize(1);
    assertThat(taken().peers()).hasSize(1);
  }

  @Test
  void refusesAnObjectThatStandsTwice() {
    read(PEER);
    reader.read("b.yaml", "---\n" + PEER);
    refused("b.yaml:2: ProxyPeer mesh/core stands at a.yaml:1 already; remove one");
  }

  @Test
  void refusesAKeyThatStandsTwice() {
    read(PEER + "metadata: {name: other}\n");
    assertThat(reader.faults()).hasSize(1);
    assertThat(reader.faults().get(0).toString()).startsWith("a.yaml:").contains("metadata");
  }

  @Test
  void refusesWhatIsNoObject() {
    read("- a\n- b\n");
    reader.read("b.yaml", "kind: ProxyPeer\n");
    refused(
        "a.yaml:1: not an object of Kubernetes: it needs apiVersion, kind and metadata",
        "b.yaml:1: not an object of Kubernetes: it needs apiVersion, kind and metadata");
  }

  @Test
  void refusesOtherVersionsAndKindsOfOurGroup() {
    read(PEER.replace("v1alpha1", "v2"));
    reader.read("b.yaml", PEER.replace("kind: ProxyPeer", "kind: ProxyPier"));
    refused(
        "a.yaml:1: ProxyPeer mesh/core: apiVersion: must be opsproxy.io/v1alpha1",
        "b.yaml:2: kind \"ProxyPier\" is none of ExposedService, ProxyPeer");
  }

  @Test
  void refusesBrokenYamlWithItsLine() {
    read("apiVersion: v1\nkind: [\n");
    assertThat(reader.faults()).singleElement().extracting(Fault::line).isEqualTo(3);
  }

  @Test
  void refusesAliasesThatStandForTooMuch() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a").append(i).append(": &a").append(i).append(" [");
      for (int j = 0; j < 10; j++) {
        bomb.append(j == 0 ? "" : ", ").append("*a").append(i - 1);
      }
      bomb.append("]\n");
    }
    read(bomb.toString());
    assertThat(reader.faults()).singleElement().asString().contains("aliases stand for too much");
    reader.read("b.yaml", "a: &a\n  b: *a\n");
    assertThat(reader.faults()).hasSize(2);
  }

  @Test
  void namesServicesAndNamespacesThatAreNone() {
    read("apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ports: 5\n");
    reader.read("b.yaml", "apiVersion: v1\nkind: Service\n");
    reader.read("c.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n");
    reader.read("d.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {}\n");
    reader.read("e.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: [a]}\n");
    assertThat(reader.faults()).hasSize(5);
    assertThat(reader.faults().get(0).toString()).startsWith("a.yaml:1: Service web: ");
    assertThat(reader.faults().get(1).toString())
        .isEqualTo("b.yaml:1: Service: needs metadata.name");
    assertThat(reader.faults().get(2).toString()).isEqualTo("c.yaml:3: Service web: needs spec");
    assertThat(reader.faults().get(3).toString())
        .isEqualTo("d.yaml:3: Namespace: needs metadata.name");
    assertThat(reader.faults().get(4).toString()).startsWith("e.yaml:3: Namespace: ");
  }

  @Test
  void knowsTheNamespacesAndServicesOfTheFiles() {
    read(
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: mesh, labels: {exposed: "true"}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {ports: [{port: 80}]}
        """);
    assertThat(taken().namespaceLabels("mesh"))
        .containsEntry("exposed", "true")
        .containsEntry("kubernetes.io/metadata.name", "mesh");
    assertThat(taken().namespaceLabels("other"))
        .containsEntry("kubernetes.io/metadata.name", "other");
    assertThat(taken().service(new ObjectKey("mesh", "web"))).isPresent();
    assertThat(taken().knowsServices()).isFalse();
  }
}
