package io.opsproxy.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The reference lists every condition and reason; {@code -Ddocs.update=true} rewrites it. */
final class ConditionsReferenceTest {
  private static final Path README = Path.of("..", "crds", "README.md");
  private static final String BEGIN = "<!-- conditions -->\n";
  private static final String END = "<!-- /conditions -->";

  @Test
  void theReferenceNamesEveryConditionAndReason() throws IOException {
    String text = Files.readString(README);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    assertThat(begin).isLessThanOrEqualTo(end);
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(README, text.substring(0, begin) + expected() + text.substring(end));
    } else {
      assertThat(text.substring(begin, end))
          .as("run with -Dtest=ConditionsReferenceTest -Ddocs.update=true")
          .isEqualTo(expected());
    }
  }

  private static String expected() {
    StringBuilder text = new StringBuilder("\n| Condition | Says |\n|---|---|\n");
    for (ConditionType type : ConditionType.values()) {
      text.append("| `").append(type.text()).append("` | ").append(type.meaning()).append(" |\n");
    }
    text.append("\n| Reason | Value | Means |\n|---|---|---|\n");
    for (Reason reason : Reason.values()) {
      text.append("| `")
          .append(reason.text())
          .append("` | ")
          .append(reason.state().text())
          .append(" | ")
          .append(reason.meaning())
          .append(" |\n");
    }
    return text.append("\n").toString();
  }
}
