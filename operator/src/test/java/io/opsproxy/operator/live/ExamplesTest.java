package io.opsproxy.operator.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The API server judges the examples of the schemas as the schemas do, by the same words; a
 * difference would be an object that {@code render} takes and a cluster refuses, or the other way
 * round.
 */
@RealApiServer(controllers = false)
final class ExamplesTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Path RESOURCES = Path.of("../crds/src/test/resources");
  private static final String EXPECT = "# expect: ";

  private final KubernetesClient client;

  ExamplesTest(KubernetesClient client) {
    this.client = client;
  }

  static List<Path> valid() throws IOException {
    return files("valid");
  }

  static List<Path> invalid() throws IOException {
    return files("invalid");
  }

  private static List<Path> files(String directory) throws IOException {
    try (Stream<Path> files = Files.walk(RESOURCES.resolve(directory))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("valid")
  void theValidIsAccepted(Path file) throws IOException {
    assertThat(answer(file)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void theInvalidIsRefused(Path file) throws IOException {
    String answer = answer(file);
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(EXPECT)) {
        assertThat(answer).contains(line.substring(EXPECT.length()));
      }
    }
    assertThat(answer).isNotEmpty();
  }

  /** What the server says against the object; empty when it takes it. Nothing is stored. */
  private String answer(Path file) throws IOException {
    ObjectNode object = (ObjectNode) YAML.readTree(file.toFile());
    String plural =
        object.path("kind").asText().equals("ProxyPeer") ? "proxypeers" : "exposedservices";
    JsonNode namespace = object.at("/metadata/namespace");
    String path =
        "/apis/opsproxy.io/v1alpha1/namespaces/%s/%s?dryRun=All&fieldValidation=Strict"
            .formatted(namespace.isMissingNode() ? "default" : namespace.asText(), plural);
    try {
      client.raw(path, "POST", object);
      return "";
    } catch (KubernetesClientException e) {
      assertThat(e.getCode()).isIn(400, 422);
      return e.getMessage();
    }
  }
}
