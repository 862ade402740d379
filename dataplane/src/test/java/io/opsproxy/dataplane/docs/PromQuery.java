package io.opsproxy.dataplane.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.telemetry.Metric;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of a PromQL expression as is needed to hold it against the metrics: series and labels.
 */
final class PromQuery {
  private static final Pattern SELECTOR = Pattern.compile("\\b(ops_proxy_\\w+)(?:\\{([^}]*)\\})?");
  private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"[^\"]*\"");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");
  private static final Pattern TEMPLATE = Pattern.compile("\\{\\{\\s*(\\w+)\\s*\\}\\}");

  private PromQuery() {}

  /**
   * Checks that every series is exported, and that every label is one that those series have.
   *
   * @param legend what is shown for a series, with labels in double braces; may be empty
   * @return the metrics that the expression reads; at least one
   */
  static Set<Metric> check(String expression, String legend) {
    Set<Metric> metrics = new HashSet<>();
    Set<String> labels = new HashSet<>();
    Matcher selector = SELECTOR.matcher(expression);
    while (selector.find()) {
      Metric metric = Exported.series().get(selector.group(1));
      assertThat(metric).as("%s in %s", selector.group(1), expression).isNotNull();
      metrics.add(metric);
      labels.addAll(Exported.labels(metric));
      if (selector.group(2) != null) {
        assertThat(Exported.labels(metric))
            .as("labels of %s in %s", selector.group(1), expression)
            .containsAll(names(MATCHER, selector.group(2)));
      }
    }
    assertThat(metrics).as(expression).isNotEmpty();
    Matcher grouping = GROUPING.matcher(expression);
    Set<String> grouped = new HashSet<>();
    while (grouping.find()) {
      for (String label : grouping.group(1).split(",")) {
        grouped.add(label.strip());
      }
    }
    assertThat(labels).as("labels that %s groups by", expression).containsAll(grouped);
    if (!grouped.isEmpty()) {
      assertThat(grouped)
          .as("labels that the legend %s of %s shows", legend, expression)
          .containsAll(names(TEMPLATE, legend));
    }
    return metrics;
  }

  private static List<String> names(Pattern pattern, String text) {
    List<String> names = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }
}
