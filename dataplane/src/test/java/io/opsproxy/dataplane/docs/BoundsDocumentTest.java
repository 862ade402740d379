package io.opsproxy.dataplane.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.schema.ConfigReference;
import io.opsproxy.dataplane.docs.Bounds.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of bounds in {@code docs/operate.md} is that of the code. */
final class BoundsDocumentTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$");
  private static final Pattern LIMIT = Pattern.compile("(?m)^\\| `(max_\\w+)` \\| number");

  private record Row(Bound bound, String beyond, String seen) {}

  private static List<Row> rows() {
    String document = Documents.text(Documents.file("docs/operate.md"));
    int start = document.indexOf("\n## Bounds\n");
    assertThat(start).as("section Bounds").isPositive();
    String section = document.substring(start, document.indexOf("\n## ", start + 1));
    List<Row> rows = new ArrayList<>();
    Matcher row = ROW.matcher(section);
    while (row.find()) {
      if (row.group(1).equals("Shared") || row.group(1).startsWith("---")) {
        continue;
      }
      String key = row.group(3).replace("`", "");
      rows.add(
          new Row(
              new Bound(row.group(1), row.group(2), key.equals("-") ? "" : key),
              row.group(4),
              row.group(5)));
    }
    return rows;
  }

  @Test
  void everyBoundStandsThereWithItsDefault() {
    assertThat(rows().stream().map(Row::bound)).containsExactlyInAnyOrderElementsOf(Bounds.all());
  }

  @Test
  void everyRowSaysWhatHappensBeyondAndWhereThatIsSeen() {
    for (Row row : rows()) {
      assertThat(row.beyond()).as("%s", row.bound()).hasSizeGreaterThan(5);
      assertThat(row.seen())
          .as("%s", row.bound())
          .containsAnyOf("ops_proxy_", "`/status`", "log", "answer", "`validate`");
    }
  }

  @Test
  void everyLimitOfTheConfigurationIsARow() {
    String reference = ConfigReference.markdown();
    int start = reference.indexOf("| `limits` | Value |");
    Matcher limit = LIMIT.matcher(reference.substring(start, reference.indexOf("\n\n", start)));
    List<String> limits = new ArrayList<>();
    while (limit.find()) {
      limits.add("limits." + limit.group(1));
    }
    assertThat(limits).isNotEmpty();
    assertThat(Bounds.all().stream().map(Bound::key)).containsAll(limits);
  }
}
