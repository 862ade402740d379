package io.opsproxy.dataplane.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.load.ConfigLoader;
import io.opsproxy.dataplane.config.load.LoadResult;
import io.opsproxy.dataplane.config.schema.ConfigReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Configurations that the documents show are what the program takes. */
final class ConfigurationDocumentTest {
  private static final String BEGIN = "<!-- configuration:begin -->\n";
  private static final String END = "<!-- configuration:end -->";
  private static final Path FILE = Documents.file("docs/configuration.md");

  private static final List<String> ABOUT_PEERS =
      List.of(
          "README.md",
          "docs/configuration.md",
          "docs/operate.md",
          "docs/security.md",
          "docs/troubleshoot.md");

  private final String document = Documents.text(FILE);
  @TempDir private Path directory;

  @Test
  void configurationReferenceIsThatOfTheProgram() throws IOException {
    int begin = document.indexOf(BEGIN) + BEGIN.length();
    int end = document.indexOf(END);
    assertThat(begin).as("markers in docs/configuration.md").isBetween(BEGIN.length(), end);
    String expected = "\n" + ConfigReference.markdown() + "\n";
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(FILE, document.substring(0, begin) + expected + document.substring(end));
      return;
    }
    assertThat(document.substring(begin, end))
        .as("update with: ./ops-proxy test -Dtest=ConfigurationDocumentTest -Ddocs.update=true")
        .isEqualTo(expected);
  }

  @Test
  void everyYamlBlockIsAConfigurationWithoutProblems() throws IOException {
    List<String> blocks = new ArrayList<>();
    for (String file : ABOUT_PEERS) {
      blocks.addAll(Documents.blocks(Documents.text(Documents.file(file)), "yaml"));
    }
    assertThat(blocks).hasSizeGreaterThan(10);
    for (String block : blocks) {
      if (block.startsWith("apiVersion:")) {
        continue; // objects of Kubernetes, which the operator's tests read
      }
      Path file = Files.writeString(directory.resolve("config.yaml"), block);
      LoadResult result = new ConfigLoader(Optional.of(file), Map.of(), Map.of()).loadForReload();
      assertThat(result.problems()).as(block).isEmpty();
      assertThat(result.config()).as(block).isPresent();
    }
  }
}
