package io.opsproxy.dataplane.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.ConfigLoader;
import io.opsproxy.dataplane.config.ConfigReference;
import io.opsproxy.dataplane.config.LoadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what the program takes. */
final class ReadmeTest {
  private static final String BEGIN = "<!-- configuration:begin -->\n";
  private static final String END = "<!-- configuration:end -->";
  private static final Path FILE = Documents.file("README.md");

  private final String readme = Documents.text(FILE);
  @TempDir private Path directory;

  @Test
  void configurationReferenceIsThatOfTheProgram() throws IOException {
    int begin = readme.indexOf(BEGIN) + BEGIN.length();
    int end = readme.indexOf(END);
    assertThat(begin).as("markers in README.md").isBetween(BEGIN.length(), end);
    String expected = "\n" + ConfigReference.markdown() + "\n";
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(FILE, readme.substring(0, begin) + expected + readme.substring(end));
      return;
    }
    assertThat(readme.substring(begin, end))
        .as("update with: ./ops-proxy test -Dtest=ReadmeTest -Ddocs.update=true")
        .isEqualTo(expected);
  }

  @Test
  void everyYamlBlockIsAConfigurationWithoutProblems() throws IOException {
    List<String> blocks = Documents.blocks(readme, "yaml");
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
