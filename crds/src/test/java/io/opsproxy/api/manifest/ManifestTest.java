package io.opsproxy.api.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The checked-in definitions and their reference are what the Java types say. */
class ManifestTest {
  private static final boolean UPDATE = Boolean.getBoolean("crds.update");
  private static final String REMEDY =
      "%s differs from the Java types; if the change is meant, run: mvn -pl crds test -Dtest=ManifestTest -Dcrds.update=true";

  static List<Manifest> manifests() {
    return Manifest.all();
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void theDefinitionOfAKindIsThatOfItsTypes(Manifest manifest) throws IOException {
    check(Path.of("manifests", manifest.fileName()), manifest.text());
  }

  @Test
  void theReferenceListsWhatTheDefinitionsHold() throws IOException {
    Path file = Path.of("README.md");
    String text = Files.readString(file);
    for (Manifest manifest : Manifest.all()) {
      text = Reference.replace(text, manifest);
    }
    check(file, text);
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void everyFieldIsDescribed(Manifest manifest) {
    List<String> bare = new ArrayList<>();
    undescribed("", manifest.schema(), bare);
    assertThat(bare).isEmpty();
  }

  private static void undescribed(String path, JsonNode schema, List<String> bare) {
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String name = path + property.getKey();
      if (!name.equals("metadata") && property.getValue().path("description").asText().isBlank()) {
        bare.add(name);
      }
      undescribed(name + ".", property.getValue(), bare);
    }
    if (schema.has("items")) {
      undescribed(path, schema.get("items"), bare);
    }
  }

  private static void check(Path file, String expected) throws IOException {
    if (UPDATE) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, expected);
    }
    String found = Files.exists(file) ? Files.readString(file) : "";
    assertThat(found).as(REMEDY, file).isEqualTo(expected);
  }
}
