package io.opsproxy.dataplane.admin;

import io.opsproxy.dataplane.cluster.Cluster;
import io.opsproxy.dataplane.cluster.Endpoint;
import io.opsproxy.dataplane.cluster.EndpointStats;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.CircuitBreaker;
import java.util.List;

/** {@code /clusters}: Envoy's lines {@code cluster::address::stat::value}. */
final class ClustersPage {
  private ClustersPage() {}

  static Page render(List<Cluster> clusters) {
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
    EndpointStats stats = endpoint.stats();
    line(text, prefix, "cx_active", stats.active());
    line(text, prefix, "cx_connect_fail", stats.connectFails());
    line(text, prefix, "cx_total", stats.connects());
    line(text, prefix, "rq_active", stats.active());
    line(text, prefix, "rq_error", stats.connectFails());
    line(text, prefix, "rq_success", stats.connected());
    line(text, prefix, "rq_timeout", stats.timeouts());
    line(text, prefix, "rq_total", stats.connected());
    line(text, prefix, "hostname", endpoint.literalHost() ? "" : endpoint.address().host());
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
}
