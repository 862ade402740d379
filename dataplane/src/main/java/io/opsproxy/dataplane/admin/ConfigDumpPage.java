package io.opsproxy.dataplane.admin;

import static java.util.stream.Collectors.groupingBy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.model.SniRoute;
import io.opsproxy.dataplane.config.value.HostName;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code /config_dump}: listeners, clusters and endpoints in force, in the sections that Envoy has,
 * whichever kind of file they came from. The model holds no secret, so there is none to hide.
 */
final class ConfigDumpPage {
  private static final String TYPE = "type.googleapis.com/envoy.admin.v3.";

  private ConfigDumpPage() {}

  static Page render(EnvoyPages.Source source) {
    return JsonText.page(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("configs");
          clusters(json, source);
          endpoints(json, source);
          listeners(json, source);
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void section(JsonGenerator json, String type, String field) throws IOException {
    json.writeStartObject();
    json.writeStringField("@type", TYPE + type);
    json.writeArrayFieldStart(field);
  }

  private static void clusters(JsonGenerator json, EnvoyPages.Source source) throws IOException {
    section(json, "ClustersConfigDump", "dynamic_active_clusters");
    for (ServiceConfig service : source.configuration().services()) {
      json.writeStartObject();
      json.writeObjectFieldStart("cluster");
      json.writeStringField("name", service.names().get(0).value());
      json.writeStringField("connect_timeout", service.connectTimeout().toMillis() / 1000.0 + "s");
      json.writeStringField("lb_policy", service.lbPolicy().name());
      json.writeNumberField("max_connect_attempts", service.connectAttempts());
      json.writeNumberField("health_checks", service.upstream().healthChecks().size());
      json.writeBooleanField(
          "outlier_detection", service.upstream().outlierDetection().isPresent());
      json.writeNumberField("healthy_panic_threshold", service.upstream().panicThreshold());
      json.writeEndObject();
      json.writeEndObject();
    }
    end(json);
  }

  private static void endpoints(JsonGenerator json, EnvoyPages.Source source) throws IOException {
    section(json, "EndpointsConfigDump", "dynamic_endpoint_configs");
    for (ServiceConfig service : source.configuration().services()) {
      json.writeStartObject();
      json.writeObjectFieldStart("endpoint_config");
      json.writeStringField("cluster_name", service.names().get(0).value());
      json.writeArrayFieldStart("endpoints");
      SortedMap<Integer, List<ServiceConfig.Endpoint>> levels =
          new TreeMap<>(
              service.endpoints().stream().collect(groupingBy(ServiceConfig.Endpoint::priority)));
      for (Map.Entry<Integer, List<ServiceConfig.Endpoint>> level : levels.entrySet()) {
        locality(json, level.getKey(), level.getValue());
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndObject();
    }
    end(json);
  }

  private static void locality(
      JsonGenerator json, int priority, List<ServiceConfig.Endpoint> endpoints) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("lb_endpoints");
    for (ServiceConfig.Endpoint endpoint : endpoints) {
      json.writeStartObject();
      json.writeObjectFieldStart("endpoint");
      address(json, endpoint.address().host(), endpoint.address().port());
      json.writeEndObject();
      json.writeNumberField("load_balancing_weight", endpoint.weight());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (priority > 0) {
      json.writeNumberField("priority", priority);
    }
    json.writeEndObject();
  }

  private static void listeners(JsonGenerator json, EnvoyPages.Source source) throws IOException {
    section(json, "ListenersConfigDump", "dynamic_listeners");
    for (ListenerConfig listener : source.configuration().listeners()) {
      json.writeStartObject();
      json.writeStringField("name", listener.name());
      json.writeObjectFieldStart("active_state");
      json.writeObjectFieldStart("listener");
      json.writeStringField("name", listener.name());
      String host = listener.address().host();
      address(json, host.isEmpty() ? "0.0.0.0" : host, listener.address().port());
      if (listener.service().isPresent()) {
        json.writeStringField("cluster", listener.service().get().value());
      }
      if (!listener.sniRoutes().isEmpty()) {
        chains(json, listener);
      }
      json.writeEndObject();
      json.writeEndObject();
      json.writeEndObject();
    }
    end(json);
  }

  private static void chains(JsonGenerator json, ListenerConfig listener) throws IOException {
    json.writeArrayFieldStart("filter_chains");
    for (SniRoute route : listener.sniRoutes()) {
      json.writeStartObject();
      json.writeObjectFieldStart("filter_chain_match");
      json.writeArrayFieldStart("server_names");
      for (HostName name : route.serverNames()) {
        json.writeString(name.value());
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeStringField("cluster", route.service().value());
      json.writeEndObject();
    }
    json.writeEndArray();
    if (listener.defaultService().isPresent()) {
      json.writeObjectFieldStart("default_filter_chain");
      json.writeStringField("cluster", listener.defaultService().get().value());
      json.writeEndObject();
    }
  }

  private static void address(JsonGenerator json, String host, int port) throws IOException {
    json.writeObjectFieldStart("address");
    json.writeObjectFieldStart("socket_address");
    json.writeStringField("address", host);
    json.writeNumberField("port_value", port);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void end(JsonGenerator json) throws IOException {
    json.writeEndArray();
    json.writeEndObject();
  }
}
