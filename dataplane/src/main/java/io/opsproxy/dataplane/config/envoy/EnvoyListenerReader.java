package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.model.ListenerConfig.ProxyHeader;
import io.opsproxy.dataplane.config.model.SniRoute;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.read.OpenAddresses;
import io.opsproxy.dataplane.config.read.SniRoutes;
import io.opsproxy.dataplane.config.schema.ServiceKeys;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads listeners: one with a single filter chain sends every connection to its cluster, the fixed
 * service; several chains are told apart by their server names.
 */
final class EnvoyListenerReader {
  private final OpenAddresses opened;
  private final EnvoyAccessLogReader logs;
  private final EnvoyChainReader chains;
  private final Problems problems;
  private final Map<String, Source> names = new HashMap<>();

  EnvoyListenerReader(OpenAddresses opened, EnvoyAccessLogReader logs, Problems problems) {
    this.opened = opened;
    this.logs = logs;
    this.chains = new EnvoyChainReader(logs, problems);
    this.problems = problems;
  }

  /** What was found in their filter chains. */
  EnvoyChainReader chains() {
    return chains;
  }

  /** Empty when something is wrong with it, which is reported. */
  Optional<ListenerConfig> read(YamlSection section) {
    int errors = problems.errors();
    Optional<Sourced<String>> given = section.read(EnvoyKeys.LISTENER_NAME, "listener ");
    String subject = given.isPresent() ? "listener " + Quoted.of(given.get().value()) : "listener";
    Optional<Sourced<BindAddress>> address =
        new EnvoyAddresses(problems)
            .bind(section, EnvoyKeys.LISTENER_ADDRESS, subject + " address");
    String name =
        given.isPresent()
            ? given.get().value()
            : address.isPresent() ? address.get().value().toString() : "";
    Source at = given.isPresent() ? given.get().at() : section.at();
    checkName(name, at);
    if (address.isPresent()) {
      opened.open("listener " + Quoted.of(name), address.get().value(), address.get().at());
    }
    Optional<Boolean> bound = section.readValue(EnvoyKeys.BIND_TO_PORT, subject + " ");
    if (bound.isPresent() && !bound.get()) {
      problems.error(
          section.at(EnvoyKeys.BIND_TO_PORT),
          subject + " does not listen",
          "remove bind_to_port, or the listener");
    }
    ProxyHeader headers = filters(section, subject);
    Optional<Routes> routes = routes(section, name, subject);
    if (section.has(EnvoyKeys.LISTENER_ACCESS_LOG)) {
      problems.warning(
          section.at(EnvoyKeys.LISTENER_ACCESS_LOG),
          subject
              + " access_log is for connections that no filter took in Envoy; here it has a line"
              + " for every connection",
          "write it in the TcpProxy");
      logs.readListener(section, name);
    }
    return problems.errors() > errors || address.isEmpty() || routes.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ListenerConfig(
                name,
                address.get().value(),
                routes.get().fixed,
                routes.get().otherwise,
                ServiceKeys.LISTENER_DETECT_TIMEOUT.fallback(),
                routes.get().byName,
                routes.get().proxyHeader ? ProxyHeader.REQUIRED : headers));
  }

  /**
   * The TLS inspector is where it is needed, written or not, as in Envoy.
   *
   * @return what becomes of PROXY headers
   */
  private ProxyHeader filters(YamlSection section, String subject) {
    ProxyHeader headers = ProxyHeader.TRUSTED;
    for (YamlSection filter : section.sections(EnvoyKeys.LISTENER_FILTERS, "ListenerFilter")) {
      YamlNode config = filter.node(EnvoyKeys.LISTENER_FILTER_CONFIG);
      if (EnvoyType.of(config).filter(type -> type == EnvoyType.TLS_INSPECTOR).isPresent()) {
        filter.section(EnvoyKeys.LISTENER_FILTER_CONFIG, EnvoyType.TLS_INSPECTOR.section());
      } else if (EnvoyType.of(config).filter(type -> type == EnvoyType.PROXY_HEADER).isPresent()) {
        YamlSection header =
            filter.section(EnvoyKeys.LISTENER_FILTER_CONFIG, EnvoyType.PROXY_HEADER.section());
        boolean without = header.readValue(EnvoyKeys.WITHOUT_HEADER, subject + " ").orElse(false);
        headers = without ? ProxyHeader.OPTIONAL : ProxyHeader.REQUIRED;
      } else {
        EnvoyFilters.refuse(filter, config, subject, "listener filter", problems);
      }
    }
    return headers;
  }

  private void checkName(String name, Source at) {
    Source first = name.isEmpty() ? null : names.putIfAbsent(name, at);
    if (first != null) {
      problems.error(
          at,
          "listener " + Quoted.of(name) + " stands twice, first on " + first.briefFrom(at),
          "choose another name, or remove one of the two");
    }
    if (name.equals(Config.PEER_LISTENER)) {
      problems.error(
          at, "listener name \"peer\" is taken: it is where peers link", "choose another name");
    }
  }

  private record Routes(
      Optional<HostName> fixed,
      List<SniRoute> byName,
      Optional<HostName> otherwise,
      boolean proxyHeader) {}

  /** Empty when there is no chain, or something is wrong with one. */
  private Optional<Routes> routes(YamlSection section, String listener, String subject) {
    int errors = problems.errors();
    SniRoutes byName = new SniRoutes(subject, problems);
    Optional<EnvoyChainReader.Chain> rest = Optional.empty();
    boolean proxyHeader = false;
    List<YamlSection> written = section.sections(EnvoyKeys.FILTER_CHAINS, "FilterChain");
    for (YamlSection one : written) {
      EnvoyChainReader.Chain chain = chains.read(one, listener, subject);
      proxyHeader |= chain.proxyHeader();
      byName.claim(chain.serverNames());
      if (!chain.serverNames().isEmpty()) {
        chain.service().ifPresent(service -> byName.add(chain.serverNames(), service));
      } else if (rest.isEmpty()) {
        rest = Optional.of(chain);
      } else {
        problems.error(
            one.at(),
            subject
                + " has two filter chains for the same connections, the other on "
                + rest.get().at().briefFrom(one.at()),
            "give one of them filter_chain_match: {server_names: [...]}, or remove it");
      }
    }
    if (section.has(EnvoyKeys.DEFAULT_FILTER_CHAIN)) {
      EnvoyChainReader.Chain last =
          chains.read(
              section.section(EnvoyKeys.DEFAULT_FILTER_CHAIN, "FilterChain"), listener, subject);
      if (rest.isPresent()) {
        problems.warning(
            last.at(),
            subject + " default_filter_chain is never used: another chain takes what is left",
            "remove one of the two");
      } else {
        rest = Optional.of(last);
      }
    } else if (written.isEmpty() && problems.errors() == errors) {
      problems.error(
          section.at(EnvoyKeys.FILTER_CHAINS),
          subject + " has no filter chain",
          EnvoyChainReader.ONE_PROXY);
    }
    if (problems.errors() > errors) {
      return Optional.empty();
    }
    Optional<HostName> service = rest.flatMap(EnvoyChainReader.Chain::service);
    return Optional.of(
        byName.list().isEmpty()
            ? new Routes(service, List.of(), Optional.empty(), proxyHeader)
            : new Routes(Optional.empty(), byName.list(), service, proxyHeader));
  }
}
