package io.opsproxy.dataplane.admin;

import io.opsproxy.dataplane.cluster.Cluster;
import io.opsproxy.dataplane.cluster.Endpoint;
import io.opsproxy.dataplane.cluster.EndpointStats;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.CircuitBreaker;
import java.util.List;

/**
 * {@code /clusters}: Envoy's lines {@code cluster::address::stat::value}, or its {@code
 * admin.v3.Clusters} as JSON.
 */
final class ClustersPage {
  /** One number of an endpoint. */
  private record Stat(String name, boolean gauge, long value) {
    JsonTree tree() {
      return new JsonTree()
          .put("type", gauge ? "GAUGE" : "COUNTER")
          .put("name", name)
          // 64-bit numbers are strings in the JSON of protobuf
          .put("value", Long.toString(value));
    }
  }

  private ClustersPage() {}

  static Page render(List<Cluster> clusters, boolean asJson) {
    return asJson ? json(clusters) : text(clusters);
  }

  private static List<Stat> stats(Endpoint endpoint) {
    EndpointStats stats = endpoint.stats();
    return List.of(
        new Stat("cx_active", true, stats.active()),
        new Stat("cx_connect_fail", false, stats.connectFails()),
        new Stat("cx_total", false, stats.connects()),
        new Stat("rq_active", true, stats.active()),
        new Stat("rq_error", false, stats.connectFails()),
        new Stat("rq_success", false, stats.connected()),
        new Stat("rq_timeout", false, stats.timeouts()),
        new Stat("rq_total", false, stats.connected()));
  }

  private static String hostname(Endpoint endpoint) {
    return endpoint.literalHost() ? "" : endpoint.address().host();
  }

  private static Page text(List<Cluster> clusters) {
    StringBuilder text = new StringBuilder();
    for (Cluster cluster : clusters) {
      String name = cluster.name();
      CircuitBreaker breaker = cluster.config().upstream().circuitBreaker();
      line(text, name, "observability_name", name);
      line(text, name, "default_priority::max_connections", breaker.maxConnections());
      line(text, name, "default_priority::max_pending_requests", breaker.maxPending());
      line(text, name, "default_priority::max_retries", breaker.maxRetries());
      line(text, name, "added_via_api", false);
      for (Endpoint endpoint : cluster.endpoints()) {
        endpoint(text, name + "::" + endpoint.address(), endpoint);
      }
    }
    return new Page(200, "text/plain; charset=utf-8", text.toString());
  }

  private static void endpoint(StringBuilder text, String prefix, Endpoint endpoint) {
    for (Stat stat : stats(endpoint)) {
      line(text, prefix, stat.name, stat.value);
    }
    line(text, prefix, "hostname", hostname(endpoint));
    line(text, prefix, "health_flags", flags(endpoint));
    line(text, prefix, "weight", endpoint.weight());
    line(text, prefix, "region", "");
    line(text, prefix, "zone", "");
    line(text, prefix, "sub_zone", "");
    line(text, prefix, "canary", false);
    line(text, prefix, "priority", endpoint.priority());
    line(text, prefix, "success_rate", -1);
    line(text, prefix, "local_origin_success_rate", -1);
  }

  private static String flags(Endpoint endpoint) {
    String flags =
        (endpoint.failedActiveCheck() ? "/failed_active_hc" : "")
            + (endpoint.failedOutlierCheck() ? "/failed_outlier_check" : "");
    return flags.isEmpty() ? "healthy" : flags;
  }

  private static void line(StringBuilder text, String prefix, String stat, Object value) {
    text.append(prefix).append("::").append(stat).append("::").append(value).append('\n');
  }

  private static Page json(List<Cluster> clusters) {
    return new JsonTree()
        .put("cluster_statuses", JsonTree.each(clusters, ClustersPage::status))
        .page();
  }

  private static JsonTree status(Cluster cluster) {
    CircuitBreaker breaker = cluster.config().upstream().circuitBreaker();
    JsonTree thresholds =
        new JsonTree()
            .put("max_connections", breaker.maxConnections())
            .put("max_pending_requests", breaker.maxPending())
            .put("max_retries", breaker.maxRetries());
    return new JsonTree()
        .put("name", cluster.name())
        .put("added_via_api", false)
        .put("observability_name", cluster.name())
        .put("circuit_breakers", new JsonTree().put("thresholds", List.of(thresholds)))
        .put("host_statuses", JsonTree.each(cluster.endpoints(), ClustersPage::host));
  }

  private static JsonTree host(Endpoint endpoint) {
    JsonTree health = new JsonTree();
    if (endpoint.failedActiveCheck()) {
      health.put("failed_active_health_check", true);
    }
    if (endpoint.failedOutlierCheck()) {
      health.put("failed_outlier_check", true);
    }
    JsonTree host =
        new JsonTree()
            .put("address", JsonTree.address(endpoint.address().host(), endpoint.address().port()))
            .put("stats", JsonTree.each(stats(endpoint), Stat::tree))
            .put("health_status", health.put("eds_health_status", "HEALTHY"))
            .put("weight", endpoint.weight())
            .put("priority", endpoint.priority())
            .put("locality", new JsonTree());
    return hostname(endpoint).isEmpty() ? host : host.put("hostname", hostname(endpoint));
  }
}
