package io.opsproxy.api.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same files are shown to a real API server in the tests of the operator. */
class SchemaTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Path RESOURCES = Path.of("src/test/resources");
  private static final String EXPECT = "# expect: ";

  static List<Path> valid() throws IOException {
    return files("valid");
  }

  static List<Path> invalid() throws IOException {
    return files("invalid");
  }

  @ParameterizedTest
  @MethodSource("valid")
  void whatAnApiServerTakesIsTaken(Path file) throws IOException {
    assertThat(check(file)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void whatAnApiServerRefusesIsRefusedInItsWords(Path file) throws IOException {
    List<String> expected =
        Files.readAllLines(file).stream()
            .filter(line -> line.startsWith(EXPECT))
            .map(line -> line.substring(EXPECT.length()))
            .toList();
    assertThat(expected).isNotEmpty();
    String found = check(file).stream().map(Violation::toString).collect(Collectors.joining("\n"));
    assertThat(found).contains(expected);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void everyFieldOfTheSpecIsInTheFileThatHasEverything(Path file) throws IOException {
    if (file.endsWith("everything.yaml")) {
      JsonNode object = YAML.readTree(file.toFile());
      assertThat(Fields.missing(object, Fields.definition(object.get("kind").asText())))
          .isEqualTo(
              object.get("kind").asText().equals("ExposedService")
                  // The other half of a choice, which smallest.yaml has.
                  ? List.of("spec.backend.serviceRef")
                  : List.of());
    }
  }

  @Test
  void theExamplesOfTheReferenceAreTaken() throws IOException {
    String[] blocks = Files.readString(Path.of("README.md")).split("```");
    int examples = 0;
    for (int i = 1; i < blocks.length; i += 2) {
      JsonNode object = YAML.readTree(blocks[i].substring(blocks[i].indexOf('\n')));
      assertThat(Schemas.of(object.get("kind").asText()).check(object)).isEmpty();
      examples++;
    }
    assertThat(examples).isEqualTo(4);
  }

  @Test
  void aMisspeltFieldIsNamedWithItsPathAndTheFieldThatWasMeant() throws IOException {
    Path file = RESOURCES.resolve("invalid/proxypeer/unknown-field.yaml");
    assertThat(check(file))
        .containsExactly(
            new Violation(
                "spec.remotePeers[0].adress",
                "unknown field \"spec.remotePeers[0].adress\"; did you mean \"address\"?"));
  }

  @Test
  void aFieldLikeNoOtherIsNamedWithoutAGuess() throws IOException {
    ObjectNode object = smallest("ProxyPeer");
    object.withObject("/spec").put("zzz", 1);
    assertThat(Schemas.of("ProxyPeer").check(object))
        .containsExactly(new Violation("spec.zzz", "unknown field \"spec.zzz\""));
  }

  @Test
  void aValueIsFaultedOnce() throws IOException {
    ObjectNode object = smallest("ExposedService");
    object.withObject("/spec").putArray("hostnames").add("*");
    assertThat(Schemas.of("ExposedService").check(object)).hasSize(1);
  }

  @Test
  void theStatusOfAnObjectFromAClusterIsPassedOver() throws IOException {
    ObjectNode object = smallest("ProxyPeer");
    object.withObject("/status").put("anything", 1);
    assertThat(Schemas.of("ProxyPeer").check(object)).isEmpty();
  }

  @Test
  void anObjectOfAnotherKindIsRefused() throws IOException {
    assertThat(Schemas.of("ExposedService").check(smallest("ProxyPeer")))
        .contains(new Violation("kind", "must be ExposedService"));
    assertThat(Schemas.of("ProxyPeer").check(YAML.readTree("[1]"))).hasSize(1);
  }

  @Test
  void theObjectThatIsCheckedIsNotChanged() throws IOException {
    JsonNode object = smallest("ProxyPeer");
    Schemas.of("ProxyPeer").check(object);
    assertThat(object).isEqualTo(smallest("ProxyPeer"));
  }

  @Test
  void fieldsThatAreNullHaveTheirDefaults() throws IOException {
    ObjectNode object = smallest("ProxyPeer");
    object.withObject("/spec").putNull("replicas").putNull("timeouts").putNull("remotePeers");
    assertThat(Schemas.of("ProxyPeer").check(object)).isEmpty();
    JsonNode filled = Schemas.of("ProxyPeer").withDefaults(object);
    assertThat(filled.at("/spec/replicas").asInt()).isEqualTo(2);
    assertThat(filled.at("/spec/timeouts/dial").asText()).isEqualTo("30s");
    assertThat(filled.at("/spec/remotePeers").isMissingNode()).isTrue();
  }

  @Test
  void everyRuleIsWithinWhatTheLibraryKnows() {
    for (Map.Entry<String, Integer> least :
        Map.of("ProxyPeer", 30, "ExposedService", 20).entrySet()) {
      RuleCheck rules = new RuleCheck(Fields.definition(least.getKey()));
      assertThat(rules.compileAll()).hasSizeGreaterThan(least.getValue());
    }
  }

  @Test
  void anUnknownKindIsNamedWithTheKnownOnes() {
    assertThatThrownBy(() -> Schemas.of("Peer"))
        .hasMessage("kind \"Peer\" is none of this API: ExposedService, ProxyPeer");
  }

  private static ObjectNode smallest(String kind) throws IOException {
    String folder = kind.equals("ProxyPeer") ? "proxypeer" : "exposedservice";
    return (ObjectNode)
        YAML.readTree(RESOURCES.resolve("valid/" + folder + "/smallest.yaml").toFile());
  }

  private static List<Violation> check(Path file) throws IOException {
    JsonNode object = YAML.readTree(file.toFile());
    return Schemas.of(object.get("kind").asText()).check(object);
  }

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(RESOURCES.resolve(folder))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
