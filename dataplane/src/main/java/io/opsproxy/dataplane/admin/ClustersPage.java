package io.opsproxy.dataplane.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.opsproxy.dataplane.cluster.Cluster;
import io.opsproxy.dataplane.cluster.Endpoint;
import io.opsproxy.dataplane.cluster.EndpointStats;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.CircuitBreaker;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code /clusters}: Envoy's lines {@code cluster::address::stat::value}, or its {@code
 * admin.v3.Clusters} as JSON.
 */
final class ClustersPage {
  /** One number of an endpoint. */
  private record Stat(String name, boolean gauge, long value) {}

  private ClustersPage() {}

  static Page render(List<Cluster> clusters, boolean asJson) {
    return asJson ? json(clusters) : text(clusters);
  }

  private static List<Stat> stats(Endpoint endpoint) {
    EndpointStats stats = endpoint.stats();
    List<Stat> all = new ArrayList<>();
    all.add(new Stat("cx_active", true, stats.active()));
    all.add(new Stat("cx_connect_fail", false, stats.connectFails()));
    all.add(new Stat("cx_total", false, stats.connects()));
    all.add(new Stat("rq_active", true, stats.active()));
    all.add(new Stat("rq_error", false, stats.connectFails()));
    all.add(new Stat("rq_success", false, stats.connected()));
    all.add(new Stat("rq_timeout", false, stats.timeouts()));
    all.add(new Stat("rq_total", false, stats.connected()));
    return all;
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
    return JsonText.page(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("cluster_statuses");
          for (Cluster cluster : clusters) {
            json.writeStartObject();
            json.writeStringField("name", cluster.name());
            json.writeBooleanField("added_via_api", false);
            json.writeStringField("observability_name", cluster.name());
            breakers(json, cluster.config().upstream().circuitBreaker());
            json.writeArrayFieldStart("host_statuses");
            for (Endpoint endpoint : cluster.endpoints()) {
              host(json, endpoint);
            }
            json.writeEndArray();
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void breakers(JsonGenerator json, CircuitBreaker breaker) throws IOException {
    json.writeObjectFieldStart("circuit_breakers");
    json.writeArrayFieldStart("thresholds");
    json.writeStartObject();
    json.writeNumberField("max_connections", breaker.maxConnections());
    json.writeNumberField("max_pending_requests", breaker.maxPending());
    json.writeNumberField("max_retries", breaker.maxRetries());
    json.writeEndObject();
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void host(JsonGenerator json, Endpoint endpoint) throws IOException {
    json.writeStartObject();
    JsonText.address(json, "address", endpoint.address().host(), endpoint.address().port());
    json.writeArrayFieldStart("stats");
    for (Stat stat : stats(endpoint)) {
      json.writeStartObject();
      json.writeStringField("type", stat.gauge ? "GAUGE" : "COUNTER");
      json.writeStringField("name", stat.name);
      // 64-bit numbers are strings in the JSON of protobuf
      json.writeStringField("value", Long.toString(stat.value));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("health_status");
    if (endpoint.failedActiveCheck()) {
      json.writeBooleanField("failed_active_health_check", true);
    }
    if (endpoint.failedOutlierCheck()) {
      json.writeBooleanField("failed_outlier_check", true);
    }
    json.writeStringField("eds_health_status", "HEALTHY");
    json.writeEndObject();
    json.writeNumberField("weight", endpoint.weight());
    if (!hostname(endpoint).isEmpty()) {
      json.writeStringField("hostname", hostname(endpoint));
    }
    json.writeNumberField("priority", endpoint.priority());
    json.writeObjectFieldStart("locality");
    json.writeEndObject();
    json.writeEndObject();
  }
}
