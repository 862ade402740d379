package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.model.SniRoute;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.schema.PeerKeys;
import io.opsproxy.dataplane.config.schema.ProxyKeys;
import io.opsproxy.dataplane.config.schema.ServiceKeys;
import io.opsproxy.dataplane.config.schema.Settings;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.Quoted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code listeners:}, and puts that of {@code peer.bind_addr} before them. */
final class ListenerReader {
  private final Settings settings;
  private final Problems problems;
  private final OpenAddresses opened;

  ListenerReader(Settings settings, OpenAddresses opened, Problems problems) {
    this.settings = settings;
    this.opened = opened;
    this.problems = problems;
  }

  /** The listener of {@code peer.bind_addr}, then those of the file. */
  List<ListenerConfig> read(YamlSection top) {
    List<ListenerConfig> listeners = new ArrayList<>();
    Map<String, Source> names = new HashMap<>();
    listeners.add(peerListener());
    names.put(Config.PEER_LISTENER, settings.at(PeerKeys.BIND_ADDR));
    opened.open(settings, PeerKeys.BIND_ADDR);
    opened.open(settings, PeerKeys.LISTEN_ADDRESS);
    for (YamlSection section : top.sections(ServiceKeys.LISTENERS_LIST, ServiceKeys.LISTENERS)) {
      Optional<ListenerConfig> listener = readListener(section, names);
      if (listener.isPresent()) {
        listeners.add(listener.get());
      }
    }
    return listeners;
  }

  private ListenerConfig peerListener() {
    return new ListenerConfig(
        Config.PEER_LISTENER,
        settings.get(PeerKeys.BIND_ADDR),
        Optional.empty(),
        settings.findValue(ProxyKeys.PROXY_DEFAULT_SERVICE),
        settings.get(ProxyKeys.PROXY_DETECT_TIMEOUT));
  }

  private Optional<ListenerConfig> readListener(YamlSection section, Map<String, Source> names) {
    int errors = problems.errors();
    Optional<Sourced<String>> given = section.read(ServiceKeys.LISTENER_NAME, "listener ");
    String subject = given.isPresent() ? "listener " + Quoted.of(given.get().value()) : "listener";
    Optional<Sourced<BindAddress>> address =
        section.read(ServiceKeys.LISTENER_ADDRESS, subject + " address ");
    if (address.isEmpty() && problems.errors() == errors) {
      problems.error(
          section.at(), subject + " needs address", ServiceKeys.LISTENER_ADDRESS.type().remedy());
    }
    Optional<HostName> service =
        section.readValue(ServiceKeys.LISTENER_SERVICE, subject + " service ");
    Optional<HostName> defaultService =
        section.readValue(ServiceKeys.LISTENER_DEFAULT_SERVICE, subject + " default_service ");
    Duration detectTimeout =
        section.readOrDefault(ServiceKeys.LISTENER_DETECT_TIMEOUT, subject + " detect_timeout ");
    checkRouting(section, subject);
    List<SniRoute> sniRoutes = sniRoutes(section, subject);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    String name = given.isPresent() ? given.get().value() : address.get().value().toString();
    String shown = "listener " + Quoted.of(name);
    checkName(name, given.isPresent() ? given.get().at() : section.at(), names);
    opened.open(shown, address.get().value(), address.get().at());
    return Optional.of(
        new ListenerConfig(
            name,
            address.get().value(),
            service,
            defaultService,
            detectTimeout,
            sniRoutes,
            section.readOrDefault(ServiceKeys.LISTENER_PROXY_HEADER, subject + " proxy_header ")));
  }

  private List<SniRoute> sniRoutes(YamlSection section, String subject) {
    SniRoutes routes = new SniRoutes(subject, problems);
    for (YamlSection route :
        section.sections(ServiceKeys.LISTENER_SNI_ROUTES, ServiceKeys.SNI_ROUTES)) {
      int errors = problems.errors();
      String what = subject + " route";
      List<Sourced<HostName>> names =
          route.required(ServiceKeys.SERVER_NAMES, what).map(Sourced::value).orElse(List.of());
      if (names.isEmpty() && problems.errors() == errors) {
        problems.error(
            route.at(ServiceKeys.SERVER_NAMES),
            what + " has no server names",
            "list the names, or use default_service for whatever else comes");
      }
      Optional<Sourced<HostName>> service = route.required(ServiceKeys.SNI_SERVICE, what);
      routes.claim(names);
      if (service.isPresent() && !names.isEmpty()) {
        routes.add(names, service.get().value());
      }
    }
    return routes.list();
  }

  private void checkRouting(YamlSection section, String subject) {
    boolean service = section.has(ServiceKeys.LISTENER_SERVICE);
    if (service && section.has(ServiceKeys.LISTENER_DEFAULT_SERVICE)) {
      problems.error(
          section.at(ServiceKeys.LISTENER_DEFAULT_SERVICE),
          subject + " has both service and default_service",
          "keep service to send everything there, or default_service for what names nothing");
    }
    if (section.has(ServiceKeys.LISTENER_SNI_ROUTES)
        && (service || section.has(ServiceKeys.LISTENER_DETECT))) {
      problems.error(
          section.at(ServiceKeys.LISTENER_SNI_ROUTES),
          subject + " has sni_routes and " + (service ? "service" : "detect"),
          service
              ? "rename service to default_service: it gets what no route names"
              : "remove detect: with sni_routes the server name is always read");
    }
    Optional<Boolean> detect = section.readValue(ServiceKeys.LISTENER_DETECT, subject + " detect ");
    if (detect.isEmpty()) {
      return;
    }
    if (detect.get() && service) {
      problems.error(
          section.at(ServiceKeys.LISTENER_DETECT),
          subject + " has both detect: auto and service",
          "with service nothing is detected: remove detect, or use default_service");
    } else if (!detect.get() && !service) {
      problems.error(
          section.at(ServiceKeys.LISTENER_DETECT),
          subject + " has detect: off and no service",
          "name the service that every connection goes to");
    }
  }

  private void checkName(String name, Source at, Map<String, Source> names) {
    Source first = names.putIfAbsent(name, at);
    if (first != null) {
      problems.error(
          at,
          name.equals(Config.PEER_LISTENER)
              ? "listener name \"peer\" belongs to the listener of peer.bind_addr"
              : "listener name " + Quoted.of(name) + " stands twice, first on " + first.brief(),
          "choose another name");
    }
  }
}
