package io.opsproxy.dataplane.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.Metrics;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import io.opsproxy.dataplane.telemetry.Protocol;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code grafana/metrics.md} says what the program exports, and nothing else. */
final class MetricsDocumentTest {
  private static final Pattern SECTION =
      Pattern.compile(
          "^### `(ops_proxy_\\w+)`\\n\\n- Type: (.*)\\n- Labels: (.*)\\n- Meaning: (.*)\\n\\n(?=\\w|`)",
          Pattern.MULTILINE);
  private static final Pattern ROW =
      Pattern.compile("^\\| `(\\w+)` \\| (.*) \\|$", Pattern.MULTILINE);
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (ops_proxy_\\w+) (\\w+)$");

  private final String document = Documents.text(Documents.file("grafana/metrics.md"));

  @Test
  void everyMetricStandsThereAsItIsExported() {
    List<String> expected = new ArrayList<>();
    for (Metric metric : Metric.values()) {
      String labels =
          metric.labels().stream()
              .map(label -> "`" + label + "`")
              .collect(Collectors.joining(", "));
      expected.add(
          String.join(
              " / ",
              metric.exported(),
              metric.type().name().toLowerCase(Locale.ROOT),
              labels.isEmpty() ? "none of its own" : labels,
              metric.meaning()));
    }
    List<String> described = new ArrayList<>();
    Matcher section = SECTION.matcher(document);
    while (section.find()) {
      described.add(
          String.join(
              " / ", section.group(1), section.group(2), section.group(3), section.group(4)));
    }
    assertThat(described).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(document.split("(?m)^### `")).hasSize(expected.size() + 1);
  }

  @Test
  void everyReasonStandsThereWithItsMeaning() {
    Map<String, String> expected = new LinkedHashMap<>();
    for (ErrorReason reason : ErrorReason.values()) {
      expected.put(reason.label(), reason.meaning());
    }
    assertThat(rows("## Reasons")).containsExactlyEntriesOf(expected);
  }

  @Test
  void everyProtocolStandsThere() {
    assertThat(rows("## Protocols").keySet())
        .containsExactlyElementsOf(Arrays.stream(Protocol.values()).map(Protocol::label).toList());
  }

  private Map<String, String> rows(String heading) {
    int start = document.indexOf(heading + "\n");
    assertThat(start).as(heading).isPositive();
    int end = document.indexOf("\n## ", start);
    Map<String, String> rows = new LinkedHashMap<>();
    Matcher row = ROW.matcher(document.substring(start, end < 0 ? document.length() : end));
    while (row.find()) {
      rows.put(row.group(1), row.group(2));
    }
    return rows;
  }

  @Test
  void nothingElseIsCalledAMetric() {
    for (Path file : Documents.all()) {
      for (String name : Exported.mentioned(Documents.text(file))) {
        if (name.startsWith("ops_proxy_operator_")) {
          continue; // the operator's tests know those
        }
        boolean known =
            Exported.series().containsKey(name)
                || Arrays.stream(Metric.values()).anyMatch(m -> m.exported().equals(name));
        assertThat(known).as("%s in %s", name, file.getFileName()).isTrue();
      }
    }
  }

  @Test
  void everyQueryReadsMetricsAndLabelsThatExist() {
    List<String> queries =
        Documents.blocks(document, "promql").stream()
            .filter(query -> !query.contains("ops_proxy_operator_"))
            .toList();
    assertThat(queries).hasSizeGreaterThan(15);
    queries.forEach(query -> PromQuery.check(query, ""));
  }

  /** The enum is what the documents are held against; this holds the enum against a scrape. */
  @Test
  void aScrapeHasNoOtherNamesAndTypes() {
    Metrics metrics = new Metrics("mesh", "n1", "p1", "1");
    metrics.bindNames(() -> 1, () -> 1);
    metrics.configInForce("abc");
    metrics.reloaded(true);
    NameMetrics name = metrics.name("web");
    name.owners(+1);
    NameMetrics.ConnectionMeter connection = name.opened(Protocol.HTTP);
    connection.connected();
    connection.failed(ErrorReason.BACKEND_IO_ERROR);
    name.forwardStarted().succeeded();
    name.forwardStarted().failed(ErrorReason.DATA_DIAL_ERROR);
    Matcher type = TYPE.matcher(metrics.scrape());
    int types = 0;
    while (type.find()) {
      types++;
      if (type.group(1).endsWith("_seconds_max")) {
        assertThat(Exported.series()).containsKey(type.group(1));
        assertThat(type.group(2)).isEqualTo("gauge");
        continue;
      }
      Metric metric =
          Arrays.stream(Metric.values())
              .filter(m -> m.exported().equals(type.group(1)))
              .findFirst()
              .orElseThrow(() -> new AssertionError(type.group()));
      assertThat(type.group(2)).isEqualTo(metric.type().name().toLowerCase(Locale.ROOT));
    }
    assertThat(types).isGreaterThan(20);
  }
}
