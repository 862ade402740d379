package io.opsproxy.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The mesh of two clusters in Git, and what Argo CD and Flux are told of it. */
@RealApiServer
final class GitOpsTest {
  private static final Path REPOSITORY = Path.of("..");
  private static final Path GITOPS = REPOSITORY.resolve("deploy/gitops");
  private static final Map<String, String> OTHER = Map.of("east", "west", "west", "east");

  private final KubeServer server;

  GitOpsTest(KubeServer server) {
    this.server = server;
  }

  private Map<String, JsonNode> cluster(String name) {
    return Manifests.of(server.kubectl("kustomize", GITOPS.resolve("mesh/" + name).toString()));
  }

  @Test
  void aServerTakesTheObjectsOfEachCluster() {
    for (String name : OTHER.keySet()) {
      // Not a dry run: rules that compare with what is there are asked, too.
      assertThat(server.kubectl("apply", "-k", GITOPS.resolve("mesh/" + name).toString()))
          .contains("proxypeer.opsproxy.io/edge");
    }
    server.kubectl("delete", "namespace", "mesh", "--wait=false");
  }

  @Test
  void eachClusterDialsTheOtherAndServesNamesOfItsOwn() {
    List<String> names = new ArrayList<>();
    List<String> granted = new ArrayList<>();
    OTHER.forEach(
        (name, other) -> {
          Map<String, JsonNode> objects = cluster(name);
          assertThat(objects.get("ProxyPeer mesh/edge").at("/spec/remotePeers/0/address").asText())
              .contains("." + other + ".");
          JsonNode trust = objects.get("ProxyPeer mesh/edge").at("/spec/mesh/trust/0");
          String authority =
              objects
                  .get("ConfigMap mesh/" + trust.at("/configMapRef/name").asText())
                  .at("/data/ca.crt")
                  .asText();
          assertThat(authority).startsWith("-----BEGIN CERTIFICATE-----");
          trust.path("names").forEach(one -> granted.add(one.asText()));
          objects.forEach(
              (key, object) -> {
                if (key.startsWith("ExposedService ")) {
                  object.at("/spec/hostnames").forEach(one -> names.add(one.asText()));
                }
              });
        });

    assertThat(names).hasSizeGreaterThanOrEqualTo(2).doesNotHaveDuplicates();
    // Each may bring what it serves, and nothing else.
    assertThat(granted).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void whatArgoCdAndFluxAreToldToReadIsThere() throws IOException {
    List<String> paths = new ArrayList<>();
    for (String tool : List.of("argocd", "flux")) {
      try (Stream<Path> files = Files.list(GITOPS.resolve(tool))) {
        for (Path file : files.toList()) {
          for (JsonNode object : Manifests.of(Files.readString(file)).values()) {
            paths.addAll(object.findValuesAsText("path"));
          }
        }
      }
    }

    assertThat(paths).hasSize(4);
    for (String path : paths) {
      for (String name : OTHER.keySet()) {
        assertThat(
                REPOSITORY.resolve(path.replace("{{.name}}", name)).resolve("kustomization.yaml"))
            .exists();
      }
    }
  }

  @Test
  void argoCdsScriptsAreTheSameForBothKinds() throws IOException {
    JsonNode scripts =
        Manifests.of(Files.readString(GITOPS.resolve("argocd/health.yaml")))
            .get("ConfigMap argocd/argocd-cm")
            .path("data");

    assertThat(scripts.path("resource.customizations.health.opsproxy.io_ExposedService").asText())
        .isEqualTo(scripts.path("resource.customizations.health.opsproxy.io_ProxyPeer").asText())
        .contains("Healthy");
  }
}
