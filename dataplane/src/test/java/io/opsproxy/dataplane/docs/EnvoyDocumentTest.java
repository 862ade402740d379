package io.opsproxy.dataplane.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.envoy.EnvoyReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The table of Envoy's fields is what the readers do. */
final class EnvoyDocumentTest {
  private static final String BEGIN = "<!-- envoy-fields:begin -->\n";
  private static final String END = "<!-- envoy-fields:end -->";
  private static final Path FILE = Documents.file("docs/api-servers.md");

  @Test
  void theTableOfFieldsIsThatOfTheProgram() throws IOException {
    String document = Documents.text(FILE);
    int begin = document.indexOf(BEGIN) + BEGIN.length();
    int end = document.indexOf(END);
    assertThat(begin).as("markers in docs/api-servers.md").isBetween(BEGIN.length(), end);
    String expected = "\n" + EnvoyReference.markdown() + "\n";
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(FILE, document.substring(0, begin) + expected + document.substring(end));
      return;
    }
    assertThat(document.substring(begin, end))
        .as("update with: ./ops-proxy test -Dtest=EnvoyDocumentTest -Ddocs.update=true")
        .isEqualTo(expected);
  }
}
