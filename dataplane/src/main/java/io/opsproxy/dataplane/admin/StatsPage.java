package io.opsproxy.dataplane.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.opsproxy.dataplane.cluster.Cluster;
import io.opsproxy.dataplane.cluster.ClusterStats;
import io.opsproxy.dataplane.cluster.Endpoint;
import io.opsproxy.dataplane.cluster.EndpointStats;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code /stats}: {@code name: value} lines in the order of their names, or the same as JSON;
 * Envoy's names.
 */
final class StatsPage {
  private StatsPage() {}

  static Page render(EnvoyPages.Source source, Map<String, List<String>> query) {
    String format = first(query, "format");
    if (format.equals("prometheus")) {
      return Page.metrics(source.metrics());
    }
    StatsFilter filter;
    try {
      filter = StatsFilter.of(first(query, "filter"));
    } catch (IllegalArgumentException e) {
      return Page.text(400, e.getMessage());
    }
    SortedMap<String, Long> stats = collect(source);
    stats.keySet().removeIf(name -> !filter.matches(name));
    return format.equals("json") ? json(stats) : text(stats);
  }

  private static String first(Map<String, List<String>> query, String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.isEmpty() ? "" : values.get(0);
  }

  private static SortedMap<String, Long> collect(EnvoyPages.Source source) {
    SortedMap<String, Long> stats = new TreeMap<>();
    stats.put("server.live", source.draining() ? 0L : 1L);
    stats.put("server.state", source.draining() ? 1L : 0L);
    stats.put("server.uptime", (long) source.uptimeSeconds());
    stats.put("server.total_connections", (long) source.sessions());
    stats.put("cluster_manager.active_clusters", (long) source.clusters().size());
    stats.put("listener_manager.total_listeners_active", (long) source.listeners().size());
    for (Cluster cluster : source.clusters()) {
      collect(cluster, "cluster." + cluster.name() + ".", stats);
    }
    return stats;
  }

  private static void collect(Cluster cluster, String prefix, SortedMap<String, Long> stats) {
    ClusterStats of = cluster.stats();
    long active = 0;
    long total = 0;
    long failed = 0;
    long timedOut = 0;
    long healthy = 0;
    for (Endpoint endpoint : cluster.endpoints()) {
      EndpointStats one = endpoint.stats();
      active += one.active();
      total += one.connects();
      failed += one.connectFails();
      timedOut += one.timeouts();
      healthy += endpoint.isHealthy() ? 1 : 0;
    }
    stats.put(prefix + "membership_total", (long) of.endpoints());
    stats.put(prefix + "membership_healthy", healthy);
    stats.put(prefix + "upstream_cx_active", active);
    stats.put(prefix + "upstream_cx_total", total);
    stats.put(prefix + "upstream_cx_connect_fail", failed);
    stats.put(prefix + "upstream_cx_connect_timeout", timedOut);
    stats.put(prefix + "upstream_cx_none_healthy", of.noneHealthy());
    stats.put(prefix + "upstream_cx_overflow", of.connectionsOverflow());
    stats.put(prefix + "upstream_rq_pending_overflow", of.pendingOverflow());
    stats.put(prefix + "upstream_rq_retry", of.retries());
    stats.put(prefix + "upstream_rq_retry_overflow", of.retriesOverflow());
    stats.put(prefix + "lb_healthy_panic", of.panicPicks());
    stats.put(prefix + "outlier_detection.ejections_active", (long) of.ejected());
    stats.put(prefix + "outlier_detection.ejections_enforced_total", of.ejections());
    stats.put(prefix + "outlier_detection.ejections_overflow", of.ejectionsOverflow());
  }

  private static Page text(SortedMap<String, Long> stats) {
    StringBuilder text = new StringBuilder();
    stats.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return new Page(200, "text/plain; charset=utf-8", text.toString());
  }

  private static Page json(SortedMap<String, Long> stats) {
    return JsonText.page(
        (JsonGenerator json) -> {
          json.writeStartObject();
          json.writeArrayFieldStart("stats");
          for (Map.Entry<String, Long> stat : stats.entrySet()) {
            json.writeStartObject();
            json.writeStringField("name", stat.getKey());
            json.writeNumberField("value", stat.getValue());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }
}
