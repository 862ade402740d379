package io.opsproxy.dataplane.admin;

import java.util.ArrayList;
import java.util.Collection;
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
    SortedMap<String, EnvoyStat> stats = new EnvoyStats(source).all();
    stats.keySet().removeIf(name -> !filter.matches(name));
    if (query.containsKey("usedonly")) {
      // Envoy: those that were ever set
      stats.values().removeIf(stat -> stat.value() == 0);
    }
    return switch (EnvoyPages.first(query, "format")) {
      case "prometheus" -> prometheus(stats.values(), filter.matchesAll() ? source.metrics() : "");
      case "json" -> json(stats);
      case "", "text" -> text(stats);
      default -> Page.text(400, "usage: /stats?format=text|json|prometheus");
    };
  }

  /** All numbers, and after them the metrics of this program. */
  static Page prometheus(EnvoyPages.Source source) {
    return prometheus(new EnvoyStats(source).all().values(), source.metrics());
  }

  private static Page prometheus(Collection<EnvoyStat> stats, String others) {
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
    return Page.metrics(text.append(others).toString());
  }

  private static Page text(SortedMap<String, EnvoyStat> stats) {
    StringBuilder text = new StringBuilder();
    stats.forEach((name, stat) -> text.append(name).append(": ").append(stat.value()).append('\n'));
    return new Page(200, "text/plain; charset=utf-8", text.toString());
  }

  private static Page json(SortedMap<String, EnvoyStat> stats) {
    return new JsonTree()
        .put(
            "stats",
            JsonTree.each(
                stats.entrySet(),
                stat ->
                    new JsonTree()
                        .put("name", stat.getKey())
                        .put("value", stat.getValue().value())))
        .page();
  }
}
