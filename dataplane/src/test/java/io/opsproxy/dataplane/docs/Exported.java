package io.opsproxy.dataplane.docs;

import io.opsproxy.dataplane.telemetry.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the program exports, by the names that queries use. */
final class Exported {
  private static final Pattern METRIC = Pattern.compile("\\bops_proxy_[a-z]\\w*");
  private static final List<String> COMMON_LABELS = List.of("namespace", "node", "pod");
  private static final Map<String, Metric> BY_NAME = byName();

  private Exported() {}

  private static Map<String, Metric> byName() {
    Map<String, Metric> names = new LinkedHashMap<>();
    for (Metric metric : Metric.values()) {
      if (metric.type() == Metric.Type.SUMMARY) {
        for (String part : List.of("_count", "_sum", "_max")) {
          names.put(metric.exported() + part, metric);
        }
      } else {
        names.put(metric.exported(), metric);
      }
    }
    return names;
  }

  /** Series names: a summary has three. */
  static Map<String, Metric> series() {
    return BY_NAME;
  }

  /** All words of the text that look like a metric of this program. */
  static List<String> mentioned(String text) {
    List<String> found = new ArrayList<>();
    Matcher metric = METRIC.matcher(text);
    while (metric.find()) {
      found.add(metric.group());
    }
    return found;
  }

  /** The labels that a series of this metric has. */
  static List<String> labels(Metric metric) {
    List<String> labels = new ArrayList<>(metric.labels());
    labels.addAll(COMMON_LABELS);
    return labels;
  }
}
