package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.envoy.EnvoyEndpointReader.Assignment;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.model.ServiceConfig.Endpoint;
import io.opsproxy.dataplane.config.model.ServiceConfig.LbPolicy;
import io.opsproxy.dataplane.config.model.UpstreamPolicy;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.ProxyProtocol;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.read.UpstreamReader;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.IpLiteral;
import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads clusters into services that have the cluster's name as their only one. */
final class EnvoyClusterReader {
  /** cluster.proto: "If not set, a default value of 5s will be used". */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final EnvoySources sources;
  private final EnvoyEndpointReader endpoints;
  private final EnvoyChainReader chains;
  private final Problems problems;
  private final Map<String, Source> names = new LinkedHashMap<>();

  /** Envoy's ways to find endpoints. Ours looks every name up again and again. */
  enum Discovery {
    STATIC,
    STRICT_DNS,
    LOGICAL_DNS,
    EDS
  }

  /**
   * @param chains what listeners say about connecting
   */
  EnvoyClusterReader(EnvoySources sources, EnvoyChainReader chains, Problems problems) {
    this.sources = sources;
    this.endpoints = new EnvoyEndpointReader(sources, problems);
    this.chains = chains;
    this.problems = problems;
  }

  /** The names of all clusters, good or bad, as they are written. */
  Map<String, Source> names() {
    return names;
  }

  /** The name that a cluster has as a service; empty when it cannot be one. */
  static Optional<HostName> serviceName(String cluster) {
    return HostName.asWritten(cluster);
  }

  /** Empty when something is wrong with it, which is reported. */
  Optional<ServiceConfig> read(YamlSection section) {
    int errors = problems.errors();
    Optional<Sourced<String>> name = section.required(EnvoyKeys.CLUSTER_NAME, "cluster");
    String written = name.isPresent() ? name.get().value() : "";
    String subject = name.isPresent() ? "cluster " + Quoted.of(written) : "cluster";
    Optional<HostName> service =
        name.isPresent() ? checkedName(name.get(), subject) : Optional.empty();
    Assignment assigned = assignment(section, written, subject);
    List<Endpoint> found = assigned.endpoints();
    checkNames(section, found, subject);
    LbPolicy policy = new EnvoyBalancing(problems).read(section, chains.hashings(written), subject);
    Duration timeout =
        section
            .readValue(EnvoyKeys.CONNECT_TIMEOUT, subject + " connect_timeout ")
            .orElse(CONNECT_TIMEOUT);
    EnvoyConnect own =
        EnvoyConnect.read(section, EnvoyKeys.CLUSTER_RETRY_POLICY, subject, problems);
    EnvoyConnect connect = own.merge(chains.connects().getOrDefault(written, EnvoyConnect.NOTHING));
    YamlSection common = section.section(EnvoyKeys.COMMON_LB_CONFIG, "CommonLbConfig");
    EnvoyTransports transports = EnvoyTransports.read(section, subject, problems);
    transports.check(assigned.transports(), subject, problems);
    UpstreamPolicy upstream =
        new UpstreamReader(transports, problems)
            .read(
                section,
                subject,
                common,
                proxyProtocol(section, EnvoyKeys.TRANSPORT_SOCKET, subject));
    if (service.isEmpty() || problems.errors() > errors) {
      return Optional.empty();
    }
    return Optional.of(
        new ServiceConfig(
            List.of(service.get()),
            found,
            policy,
            connect.timeoutInForce(timeout),
            connect.attemptsInForce(),
            upstream));
  }

  /** How names are looked up matters only where there are some. */
  private void checkNames(YamlSection section, List<Endpoint> endpoints, String subject) {
    Optional<Sourced<String>> family = section.read(EnvoyKeys.DNS_LOOKUP_FAMILY, subject + " ");
    boolean servers = !section.items(EnvoyKeys.DNS_RESOLVERS).isEmpty();
    boolean named =
        endpoints.stream().anyMatch(endpoint -> IpLiteral.parse(endpoint.address().host()) == null);
    if (named && family.isPresent() && family.get().value().endsWith("_ONLY")) {
      problems.error(
          family.get().at(),
          subject
              + " dns_lookup_family "
              + family.get().value()
              + " is not served: addresses of the other family would be tried too",
          "write the endpoints' addresses, or a name that has addresses of this family alone");
    }
    if (named && servers) {
      problems.error(
          section.at(EnvoyKeys.DNS_RESOLVERS),
          subject + " dns_resolvers is not served: this machine's resolver would be asked",
          "remove it, or write the endpoints' addresses");
    }
  }

  private Optional<HostName> checkedName(Sourced<String> name, String subject) {
    Optional<HostName> service = serviceName(name.value());
    if (service.isEmpty()) {
      problems.error(
          name.at(),
          subject + ": not a name for a cluster",
          "leave out control characters and a \"*.\" at its begin; 1000 characters at most");
    }
    Source first = names.putIfAbsent(name.value(), name.at());
    if (first != null) {
      problems.error(
          name.at(),
          subject + " stands twice, first on " + first.briefFrom(name.at()),
          "choose another name, or remove one of the two");
      return service;
    }
    return service;
  }

  private Assignment assignment(YamlSection section, String name, String subject) {
    Discovery type =
        section.readValue(EnvoyKeys.CLUSTER_TYPE, subject + " ").orElse(Discovery.STATIC);
    if (type == Discovery.EDS) {
      return discovered(section, name, subject);
    }
    if (section.has(EnvoyKeys.EDS_CLUSTER_CONFIG)) {
      problems.error(
          section.at(EnvoyKeys.EDS_CLUSTER_CONFIG),
          subject + " has eds_cluster_config and type " + type,
          "write type: EDS");
      return Assignment.NONE;
    }
    if (!section.has(EnvoyKeys.LOAD_ASSIGNMENT)) {
      problems.error(
          section.at(),
          subject + " has no load_assignment",
          "list its endpoints under load_assignment, or write type: EDS");
      return Assignment.NONE;
    }
    return endpoints.read(
        section.section(EnvoyKeys.LOAD_ASSIGNMENT, EnvoyKeys.ASSIGNMENT),
        subject,
        type != Discovery.STATIC);
  }

  private Assignment discovered(YamlSection section, String name, String subject) {
    int errors = problems.errors();
    YamlSection eds = section.section(EnvoyKeys.EDS_CLUSTER_CONFIG, "EdsClusterConfig");
    Optional<Sourced<Path>> path =
        eds.has(EnvoyKeys.EDS_CONFIG) ? sources.path(eds, EnvoyKeys.EDS_CONFIG) : Optional.empty();
    if (path.isEmpty()) {
      if (problems.errors() == errors) {
        problems.error(
            eds.at(),
            subject + " does not say where its endpoints are",
            "write eds_cluster_config: {eds_config: {path_config_source: {path: FILE}}}");
      }
      return Assignment.NONE;
    }
    String wanted = eds.readValue(EnvoyKeys.EDS_NAME, subject + " ").orElse(name);
    Map<String, Assignment> file = endpoints.file(path.get());
    Assignment found = file.get(wanted);
    if (found == null && file.isEmpty() && problems.errors() == errors) {
      EnvoyEndpointReader.warnOfNone(path.get().at(), subject, problems);
    } else if (found == null && problems.errors() == errors) {
      String others = Quoted.sentence(String.join(", ", file.keySet()));
      problems.error(
          path.get().at(),
          subject
              + ": "
              + Quoted.of(path.get().value().toString())
              + " has no ClusterLoadAssignment with cluster_name "
              + Quoted.of(wanted)
              + "; it has "
              + others,
          "write that cluster_name into it");
    }
    return found == null ? Assignment.NONE : found;
  }

  /** Only plain connections are made to endpoints, with or without a PROXY header. */
  private Optional<ProxyProtocol> proxyProtocol(
      YamlSection holder, ConfigKey<Void> key, String subject) {
    YamlSection socket = holder.section(key, "TransportSocket");
    YamlNode config = socket.node(EnvoyKeys.TRANSPORT_CONFIG);
    if (!holder.has(key)) {
      return Optional.empty();
    }
    Optional<EnvoyType> type = EnvoyType.of(config);
    boolean wrapped = key == EnvoyKeys.INNER_SOCKET;
    if (type.isPresent() && type.get() == EnvoyType.RAW_BUFFER) {
      socket.section(EnvoyKeys.TRANSPORT_CONFIG, EnvoyType.RAW_BUFFER.section());
      return Optional.empty();
    }
    if (type.isEmpty() || type.get() != EnvoyType.PROXY_PROTOCOL || wrapped) {
      problems.error(
          holder.at(key),
          subject + " has a transport_socket with " + EnvoyType.shown(config),
          "remove it, because bytes are relayed as they are; only raw_buffer and proxy_protocol"
              + " are supported");
      return Optional.empty();
    }
    YamlSection transport =
        socket.section(EnvoyKeys.TRANSPORT_CONFIG, EnvoyType.PROXY_PROTOCOL.section());
    proxyProtocol(transport, EnvoyKeys.INNER_SOCKET, subject);
    YamlSection header = transport.section(EnvoyKeys.PROXY_PROTOCOL_CONFIG, "ProxyProtocolConfig");
    return header
        .readValue(EnvoyKeys.PROXY_VERSION, subject + " ")
        .or(() -> Optional.of(ProxyProtocol.V1));
  }
}
