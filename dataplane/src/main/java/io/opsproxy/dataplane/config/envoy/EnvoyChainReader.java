package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads filter chains, each with one TcpProxy to one cluster. */
final class EnvoyChainReader {
  static final String ONE_PROXY =
      "write one filter chain with one filter envoy.filters.network.tcp_proxy";

  private final EnvoyAccessLogReader logs;
  private final Problems problems;
  private final List<Target> targets = new ArrayList<>();
  private final Map<String, EnvoyConnect> connects = new HashMap<>();
  private final List<Sourced<Optional<Duration>>> idleTimeouts = new ArrayList<>();

  /**
   * Where connections of a listener go.
   *
   * @param cluster as it is written
   */
  record Target(String listener, Sourced<String> cluster, EnvoyBalancing.Hashing hashing) {}

  /**
   * One chain.
   *
   * @param serverNames of the connections that it takes; empty when it takes all
   * @param service where they go; empty when something is wrong, which is reported here or where
   *     the cluster stands
   * @param proxyHeader whether its connections begin with a PROXY header
   */
  record Chain(
      List<Sourced<HostName>> serverNames,
      Optional<HostName> service,
      boolean proxyHeader,
      Source at) {}

  EnvoyChainReader(EnvoyAccessLogReader logs, Problems problems) {
    this.logs = logs;
    this.problems = problems;
  }

  /** What the chains read so far name. */
  List<Target> targets() {
    return targets;
  }

  /** How connections to a cluster are hashed, by each chain that names it. */
  List<EnvoyBalancing.Hashing> hashings(String cluster) {
    return targets.stream()
        .filter(target -> target.cluster().value().equals(cluster))
        .map(Target::hashing)
        .toList();
  }

  /** What they say about connecting, by cluster as it is written. */
  Map<String, EnvoyConnect> connects() {
    return connects;
  }

  /** Their idle timeouts, where they stand; empty for one that says none. */
  List<Sourced<Optional<Duration>>> idleTimeouts() {
    return idleTimeouts;
  }

  /** What is wrong with it is reported. */
  Chain read(YamlSection chain, String listener, String subject) {
    List<Sourced<HostName>> serverNames = serverNames(chain, subject);
    boolean proxyHeader =
        chain.readValue(EnvoyKeys.USE_PROXY_PROTO, subject + " use_proxy_proto ").orElse(false);
    return new Chain(serverNames, proxy(chain, listener, subject), proxyHeader, chain.at());
  }

  private List<Sourced<HostName>> serverNames(YamlSection chain, String subject) {
    YamlSection match = chain.section(EnvoyKeys.FILTER_CHAIN_MATCH, "FilterChainMatch");
    List<Sourced<HostName>> names =
        match.readValue(EnvoyKeys.SERVER_NAMES, subject + " server_names ").orElse(List.of());
    Optional<Sourced<String>> transport =
        match.read(EnvoyKeys.TRANSPORT_PROTOCOL, subject + " transport_protocol ");
    if (transport.isPresent() && !(transport.get().value().equals("tls") && !names.isEmpty())) {
      problems.error(
          transport.get().at(),
          subject
              + " takes connections by transport_protocol "
              + Quoted.of(transport.get().value())
              + ", which is not supported",
          "use server_names for what is TLS, and a chain without filter_chain_match for the rest");
    }
    return names;
  }

  /** The service of the only filter. */
  private Optional<HostName> proxy(YamlSection chain, String listener, String subject) {
    List<YamlSection> filters = chain.sections(EnvoyKeys.FILTERS, "Filter");
    List<YamlSection> proxies = filters.stream().filter(EnvoyChainReader::isProxy).toList();
    if (filters.isEmpty() || proxies.size() > 1) {
      problems.error(
          chain.at(),
          subject + " has a filter chain with " + filters.size() + " filters",
          ONE_PROXY);
      return Optional.empty();
    }
    if (filters.size() > 1) {
      for (YamlSection other : filters) {
        if (!isProxy(other)) {
          YamlNode config = other.node(EnvoyKeys.FILTER_CONFIG);
          EnvoyFilters.refuse(other, config, subject, "network filter", problems);
        }
      }
    }
    if (proxies.isEmpty()) {
      YamlSection filter = filters.get(filters.size() - 1);
      problems.error(
          filter.at(EnvoyKeys.FILTER_CONFIG),
          subject + " has a filter with " + EnvoyType.shown(filter.node(EnvoyKeys.FILTER_CONFIG)),
          ONE_PROXY + " and \"@type\": " + EnvoyType.TCP_PROXY.url());
      return Optional.empty();
    }
    YamlSection filter = proxies.get(0);
    YamlSection proxy = filter.section(EnvoyKeys.FILTER_CONFIG, EnvoyKeys.TCP_PROXY);
    logs.readChain(proxy, listener, subject);
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
    targets.add(new Target(listener, cluster.get(), EnvoyBalancing.hashing(proxy)));
    connects.merge(cluster.get().value(), connect, EnvoyConnect::merge);
    // A cluster whose name cannot be a service's is reported where it stands.
    return EnvoyClusterReader.serviceName(cluster.get().value());
  }

  private static boolean isProxy(YamlSection filter) {
    return EnvoyType.of(filter.node(EnvoyKeys.FILTER_CONFIG))
        .filter(type -> type == EnvoyType.TCP_PROXY)
        .isPresent();
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
