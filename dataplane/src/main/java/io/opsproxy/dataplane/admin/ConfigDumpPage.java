package io.opsproxy.dataplane.admin;

import static java.util.stream.Collectors.groupingBy;

import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.model.SniRoute;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code /config_dump}: bootstrap, clusters, listeners, and with {@code ?include_eds} endpoints in
 * force, in the sections that Envoy has, whichever kind of file they came from. {@code
 * ?resource=FIELD} gives the elements of one list alone, {@code ?mask=FIELDS} only these fields.
 * The model holds no secret, so there is none to hide.
 */
final class ConfigDumpPage {
  private static final String TYPES = "type.googleapis.com/envoy.";
  private static final String DUMPS = TYPES + "admin.v3.";

  private final EnvoyPages.Source source;

  private ConfigDumpPage(EnvoyPages.Source source) {
    this.source = source;
  }

  /**
   * One section.
   *
   * @param type of the section
   * @param elementType of an element that stands alone
   * @param field the one that has the elements
   * @param content a list of trees, or one of them
   */
  private record Section(String type, String elementType, String field, Object content) {
    JsonTree whole() {
      return new JsonTree().put("@type", type).put(field, content);
    }

    Iterable<?> alone() {
      Iterable<?> elements = content instanceof Iterable<?> list ? list : List.of(content);
      return JsonTree.changed(
          elements, one -> new JsonTree().put("@type", elementType).putAll((JsonTree) one));
    }
  }

  static Page render(EnvoyPages.Source source, Map<String, List<String>> query) {
    ConfigDumpPage page = new ConfigDumpPage(source);
    List<Section> sections = new ArrayList<>();
    sections.add(page.bootstrap());
    sections.add(page.clusters());
    sections.add(page.listeners());
    String resource = EnvoyPages.first(query, "resource");
    if (query.containsKey("include_eds") || resource.equals("dynamic_endpoint_configs")) {
      sections.add(page.endpoints());
    }
    Iterable<?> configs;
    if (resource.isEmpty()) {
      configs = sections.stream().map(Section::whole).toList();
    } else {
      List<Section> chosen = sections.stream().filter(one -> one.field.equals(resource)).toList();
      if (chosen.isEmpty()) {
        return Page.text(
            404,
            resource
                + " not found in config dump; there are "
                + String.join(", ", sections.stream().map(Section::field).toList()));
      }
      configs = chosen.get(0).alone();
    }
    String mask = EnvoyPages.first(query, "mask");
    List<String> paths = List.of(mask.split(",", -1));
    Iterable<?> shown =
        mask.isEmpty() ? configs : JsonTree.changed(configs, one -> ((JsonTree) one).masked(paths));
    return new JsonTree().put("configs", shown).page();
  }

  private Section bootstrap() {
    JsonTree bootstrap =
        new JsonTree().put("node", new JsonTree().put("id", source.configuration().peer().name()));
    source
        .configuration()
        .admin()
        .address()
        .ifPresent(
            address ->
                bootstrap.put(
                    "admin",
                    new JsonTree()
                        .put("address", JsonTree.address(address.host(), address.port()))));
    return new Section(
        DUMPS + "BootstrapConfigDump",
        TYPES + "config.bootstrap.v3.Bootstrap",
        "bootstrap",
        bootstrap);
  }

  private Section clusters() {
    return new Section(
        DUMPS + "ClustersConfigDump",
        DUMPS + "ClustersConfigDump.DynamicCluster",
        "dynamic_active_clusters",
        JsonTree.each(
            source.configuration().services(),
            service -> new JsonTree().put("cluster", cluster(service))));
  }

  private static JsonTree cluster(ServiceConfig service) {
    return new JsonTree()
        .put("name", service.names().get(0).value())
        .put("connect_timeout", service.connectTimeout().toMillis() / 1000.0 + "s")
        .put("lb_policy", service.lbPolicy().name())
        .put("max_connect_attempts", service.connectAttempts())
        .put("health_checks", service.upstream().healthChecks().size())
        .put("outlier_detection", service.upstream().outlierDetection().isPresent())
        .put("healthy_panic_threshold", service.upstream().panicThreshold());
  }

  private Section endpoints() {
    return new Section(
        DUMPS + "EndpointsConfigDump",
        DUMPS + "EndpointsConfigDump.DynamicEndpointConfig",
        "dynamic_endpoint_configs",
        JsonTree.each(
            source.configuration().services(),
            service -> new JsonTree().put("endpoint_config", assignment(service))));
  }

  private static JsonTree assignment(ServiceConfig service) {
    SortedMap<Integer, List<ServiceConfig.Endpoint>> levels =
        new TreeMap<>(
            service.endpoints().stream().collect(groupingBy(ServiceConfig.Endpoint::priority)));
    return new JsonTree()
        .put("cluster_name", service.names().get(0).value())
        .put("endpoints", JsonTree.each(levels.entrySet(), ConfigDumpPage::locality));
  }

  private static JsonTree locality(Map.Entry<Integer, List<ServiceConfig.Endpoint>> level) {
    JsonTree locality =
        new JsonTree()
            .put("lb_endpoints", JsonTree.each(level.getValue(), ConfigDumpPage::endpoint));
    return level.getKey() > 0 ? locality.put("priority", level.getKey()) : locality;
  }

  private static JsonTree endpoint(ServiceConfig.Endpoint endpoint) {
    HostPort at = endpoint.address();
    return new JsonTree()
        .put("endpoint", new JsonTree().put("address", JsonTree.address(at.host(), at.port())))
        .put("load_balancing_weight", endpoint.weight());
  }

  private Section listeners() {
    return new Section(
        DUMPS + "ListenersConfigDump",
        DUMPS + "ListenersConfigDump.DynamicListener",
        "dynamic_listeners",
        JsonTree.each(
            source.configuration().listeners(),
            listener ->
                new JsonTree()
                    .put("name", listener.name())
                    .put("active_state", new JsonTree().put("listener", listener(listener)))));
  }

  private static JsonTree listener(ListenerConfig listener) {
    String host = listener.address().host();
    JsonTree tree =
        new JsonTree()
            .put("name", listener.name())
            .put(
                "address",
                JsonTree.address(host.isEmpty() ? "0.0.0.0" : host, listener.address().port()));
    listener.service().ifPresent(service -> tree.put("cluster", service.value()));
    if (!listener.sniRoutes().isEmpty()) {
      tree.put("filter_chains", JsonTree.each(listener.sniRoutes(), ConfigDumpPage::chain));
      listener
          .defaultService()
          .ifPresent(
              service ->
                  tree.put("default_filter_chain", new JsonTree().put("cluster", service.value())));
    }
    return tree;
  }

  private static JsonTree chain(SniRoute route) {
    return new JsonTree()
        .put(
            "filter_chain_match",
            new JsonTree()
                .put("server_names", route.serverNames().stream().map(HostName::value).toList()))
        .put("cluster", route.service().value());
  }
}
