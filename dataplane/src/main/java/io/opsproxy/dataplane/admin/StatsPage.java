package io.opsproxy.dataplane.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code /stats}: {@code name: value} lines in the order of their names, or the same as JSON or for
 * Prometheus; Envoy's names.
 */
final class StatsPage {
  private StatsPage() {}

  static Page render(EnvoyPages.Source source, Map<String, List<String>> query) {
    StatsFilter filter;
    try {
      filter = StatsFilter.of(EnvoyPages.first(query, "filter"));
    } catch (IllegalArgumentException e) {
      return Page.text(400, e.getMessage());
    }
    List<EnvoyStat> stats = new EnvoyStats(source).all();
    stats.removeIf(stat -> !filter.matches(stat.text()));
    if (query.containsKey("usedonly")) {
      // Envoy: those that were ever set
      stats.removeIf(stat -> stat.value() == 0);
    }
    return switch (EnvoyPages.first(query, "format")) {
      case "prometheus" -> prometheus(source, stats, filter.matchesAll());
      case "json" -> json(stats);
      case "", "text" -> text(stats);
      default -> Page.text(400, "usage: /stats?format=text|json|prometheus");
    };
  }

  /** Numbers by Envoy's names, and the metrics of this program unless some were chosen. */
  static Page prometheus(EnvoyPages.Source source, List<EnvoyStat> stats, boolean all) {
    SortedMap<String, List<EnvoyStat>> families = new TreeMap<>();
    for (EnvoyStat stat : stats) {
      families.computeIfAbsent(stat.exported(), none -> new ArrayList<>()).add(stat);
    }
    StringBuilder text = new StringBuilder();
    families.forEach(
        (name, family) -> {
          String type = family.get(0).counter() ? "counter" : "gauge";
          text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
          for (EnvoyStat stat : family) {
            text.append(name).append(stat.labels()).append(' ').append(stat.value()).append('\n');
          }
        });
    return Page.metrics(all ? text + source.metrics() : text.toString());
  }

  private static Page text(List<EnvoyStat> stats) {
    StringBuilder text = new StringBuilder();
    for (EnvoyStat stat : stats) {
      text.append(stat.text()).append(": ").append(stat.value()).append('\n');
    }
    return new Page(200, "text/plain; charset=utf-8", text.toString());
  }

  private static Page json(List<EnvoyStat> stats) {
    return JsonText.page(
        (JsonGenerator json) -> {
          json.writeStartObject();
          json.writeArrayFieldStart("stats");
          for (EnvoyStat stat : stats) {
            json.writeStartObject();
            json.writeStringField("name", stat.text());
            json.writeNumberField("value", stat.value());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }
}
