package io.opsproxy.operator.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.opsproxy.api.schema.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The samples are right by the schemas alone; {@link InstallationTest} applies them. */
final class SamplesTest {
  private static final YAMLMapper YAML = new YAMLMapper();

  static List<Path> samples() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("..", "deploy", "samples"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyObjectMeetsItsSchemaAndSaysItsNamespace(Path file) throws IOException {
    int ours = 0;
    try (MappingIterator<JsonNode> objects =
        YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
      while (objects.hasNext()) {
        JsonNode object = objects.next();
        String kind = object.path("kind").asText();
        if (Schemas.kinds().contains(kind)) {
          ours++;
          assertThat(Schemas.of(kind).check(object)).isEmpty();
        }
        if (!kind.equals("Namespace")) {
          assertThat(object.at("/metadata/namespace").asText()).isNotEmpty();
        }
      }
    }
    assertThat(ours).isGreaterThanOrEqualTo(2);
  }
}
