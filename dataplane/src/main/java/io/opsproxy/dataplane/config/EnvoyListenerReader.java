package io.opsproxy.dataplane.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads listeners, each with one TcpProxy to one cluster, which is its fixed service. */
final class EnvoyListenerReader {
  private static final String ONE_PROXY =
      "write one filter chain with one filter envoy.filters.network.tcp_proxy";

  private final OpenAddresses opened;
  private final EnvoyAccessLogReader logs;
  private final Problems problems;
  private final Map<String, Source> names = new HashMap<>();
  private final List<Target> targets = new ArrayList<>();
  private final Map<String, EnvoyConnect> connects = new HashMap<>();
  private final List<Sourced<Optional<Duration>>> idleTimeouts = new ArrayList<>();

  /**
   * Where a listener's connections go.
   *
   * @param cluster as it is written
   */
  record Target(String listener, Sourced<String> cluster) {}

  EnvoyListenerReader(OpenAddresses opened, EnvoyAccessLogReader logs, Problems problems) {
    this.opened = opened;
    this.logs = logs;
    this.problems = problems;
  }

  /** What the listeners read so far name. */
  List<Target> targets() {
    return targets;
  }

  /** What they say about connecting, by cluster as it is written. */
  Map<String, EnvoyConnect> connects() {
    return connects;
  }

  /** Their idle timeouts, where they stand; empty for one that says none. */
  List<Sourced<Optional<Duration>>> idleTimeouts() {
    return idleTimeouts;
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
    Optional<HostName> cluster = proxy(section, name, subject);
    if (section.has(EnvoyKeys.LISTENER_ACCESS_LOG)) {
      problems.warning(
          section.at(EnvoyKeys.LISTENER_ACCESS_LOG),
          subject
              + " access_log is for connections that no filter took in Envoy; here it has a line"
              + " for every connection",
          "write it in the TcpProxy");
      logs.read(section, EnvoyKeys.LISTENER_ACCESS_LOG, name);
    }
    return problems.errors() > errors || address.isEmpty() || cluster.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ListenerConfig(
                name,
                address.get().value(),
                cluster,
                Optional.empty(),
                ServiceKeys.LISTENER_DETECT_TIMEOUT.fallback()));
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

  /** The service of the only filter. */
  private Optional<HostName> proxy(YamlSection section, String listener, String subject) {
    int errors = problems.errors();
    List<YamlSection> filters = new ArrayList<>();
    List<YamlSection> chains = section.sections(EnvoyKeys.FILTER_CHAINS, "FilterChain");
    for (YamlSection chain : chains) {
      filters.addAll(chain.sections(EnvoyKeys.FILTERS, "Filter"));
      if (chain.node(EnvoyKeys.FILTER_CHAIN_MATCH) instanceof YamlNode.Mapping match
          && !match.entries().isEmpty()) {
        problems.error(
            chain.at(EnvoyKeys.FILTER_CHAIN_MATCH),
            subject + " takes only some connections, which is not supported",
            "remove filter_chain_match, so that every connection goes to the cluster");
      }
    }
    if (chains.size() != 1 || filters.size() != 1) {
      if (problems.errors() == errors) {
        problems.error(
            section.at(EnvoyKeys.FILTER_CHAINS),
            subject + " has " + chains.size() + " filter chains and " + filters.size() + " filters",
            ONE_PROXY);
      }
      return Optional.empty();
    }
    YamlSection filter = filters.get(0);
    YamlNode config = filter.node(EnvoyKeys.FILTER_CONFIG);
    if (EnvoyType.of(config).filter(type -> type == EnvoyType.TCP_PROXY).isEmpty()) {
      problems.error(
          filter.at(EnvoyKeys.FILTER_CONFIG),
          subject + " has a filter with " + EnvoyType.shown(config),
          ONE_PROXY + " and \"@type\": " + EnvoyType.TCP_PROXY.url());
      return Optional.empty();
    }
    YamlSection proxy = filter.section(EnvoyKeys.FILTER_CONFIG, EnvoyKeys.TCP_PROXY);
    logs.read(proxy, EnvoyKeys.PROXY_ACCESS_LOG, listener);
    readIdleTimeout(proxy, subject);
    EnvoyConnect connect =
        EnvoyConnect.read(proxy, EnvoyKeys.PROXY_RETRY_POLICY, subject, problems)
            .withMaxConnectAttempts(
                proxy.readValue(
                    EnvoyKeys.MAX_CONNECT_ATTEMPTS, subject + " max_connect_attempts "));
    Optional<Sourced<String>> cluster = cluster(proxy, subject);
    if (cluster.isEmpty()) {
      return Optional.empty();
    }
    targets.add(new Target(listener, cluster.get()));
    connects.merge(cluster.get().value(), connect, EnvoyConnect::merge);
    // A cluster whose name cannot be a service's is reported where it stands.
    return EnvoyClusterReader.serviceName(cluster.get().value());
  }

  private void readIdleTimeout(YamlSection proxy, String subject) {
    Optional<Sourced<Duration>> idle =
        proxy.read(EnvoyKeys.IDLE_TIMEOUT, subject + " idle_timeout ");
    idleTimeouts.add(
        new Sourced<>(idle.map(Sourced::value), idle.isPresent() ? idle.get().at() : proxy.at()));
  }

  private Optional<Sourced<String>> cluster(YamlSection proxy, String subject) {
    int errors = problems.errors();
    Optional<Sourced<String>> cluster = proxy.read(EnvoyKeys.PROXY_CLUSTER, subject + " ");
    YamlSection weighted = proxy.section(EnvoyKeys.WEIGHTED_CLUSTERS, "WeightedCluster");
    List<YamlSection> several =
        weighted.sections(EnvoyKeys.WEIGHTED_LIST, "WeightedCluster.clusters");
    if (cluster.isEmpty() && several.size() == 1) {
      cluster = several.get(0).required(EnvoyKeys.WEIGHTED_NAME, subject);
    } else if (!several.isEmpty()) {
      problems.error(
          weighted.at(),
          subject + " spreads its connections over several clusters",
          "name one cluster with all endpoints, and give them load_balancing_weight");
    }
    if (cluster.isEmpty() && problems.errors() == errors) {
      problems.error(proxy.at(), subject + " names no cluster", "add cluster: NAME");
    }
    return cluster;
  }
}
