package io.opsproxy.dataplane.config.envoy;

import static io.opsproxy.dataplane.config.schema.ValueTypes.section;

import io.opsproxy.dataplane.config.model.UpstreamPolicy;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.HealthCheckKeys;
import io.opsproxy.dataplane.config.schema.ServiceKeys;
import io.opsproxy.dataplane.config.schema.UpstreamTypes;
import io.opsproxy.dataplane.config.schema.ValueType;
import io.opsproxy.dataplane.config.schema.ValueTypes;
import io.opsproxy.dataplane.config.schema.Word;
import io.opsproxy.dataplane.config.schema.Wrapped;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The fields of Envoy's v3 messages that are used; sections are named by their message. What a
 * cluster shares with a service of the peer's own files is read by the keys of those.
 */
final class EnvoyKeys {
  private static final List<ConfigKey<?>> ALL = new ArrayList<>();

  private EnvoyKeys() {}

  static final String BOOTSTRAP = "Bootstrap";
  static final String RESPONSE = "DiscoveryResponse";
  static final String LISTENER = "Listener";
  static final String TCP_PROXY = "TcpProxy";
  static final String CLUSTER = "Cluster";
  static final String ASSIGNMENT = "ClusterLoadAssignment";
  static final String RETRY_POLICY = "RetryPolicy";

  private static final ValueType<Integer> WEIGHT =
      new Wrapped<>(ValueTypes.integer(1, Integer.MAX_VALUE));

  static final ConfigKey<Void> NODE = one(BOOTSTRAP, "node");
  static final ConfigKey<Void> STATIC_RESOURCES = one(BOOTSTRAP, "static_resources");
  static final ConfigKey<Void> DYNAMIC_RESOURCES = one(BOOTSTRAP, "dynamic_resources");
  static final ConfigKey<Void> ADMIN = one(BOOTSTRAP, "admin");
  static final ConfigKey<Void> LISTENERS = list("StaticResources", "listeners");
  static final ConfigKey<Void> CLUSTERS = list("StaticResources", "clusters");
  static final ConfigKey<Void> LDS_CONFIG = one("DynamicResources", "lds_config");
  static final ConfigKey<Void> CDS_CONFIG = one("DynamicResources", "cds_config");
  static final ConfigKey<Void> PATH_CONFIG_SOURCE = one("ConfigSource", "path_config_source");
  static final ConfigKey<Path> OLD_PATH = key("ConfigSource", "path", UpstreamTypes.PATH);
  static final ConfigKey<Path> SOURCE_PATH = key("PathConfigSource", "path", UpstreamTypes.PATH);
  static final ConfigKey<Void> RESOURCES = list(RESPONSE, "resources");

  static final ConfigKey<String> ADMIN_LOG_PATH = text("Admin", "access_log_path");
  static final ConfigKey<Void> ADMIN_ADDRESS = one("Admin", "address");
  static final ConfigKey<Void> SOCKET_ADDRESS = one("Address", "socket_address");
  static final ConfigKey<String> PROTOCOL = text("SocketAddress", "protocol");
  static final ConfigKey<String> HOST =
      key(
          "SocketAddress",
          "address",
          new ValueType<>("host", "write an IP address such as 10.0.0.1") {
            @Override
            public String parse(String text) {
              boolean v6 = text.indexOf(':') >= 0 && !text.startsWith("[");
              return HostPort.parseHost(v6 ? "[" + text + "]" : text, text);
            }
          });
  static final ConfigKey<Integer> PORT =
      key("SocketAddress", "port_value", ValueTypes.integer(0, 65535));

  static final ConfigKey<String> LISTENER_NAME = key(LISTENER, "name", ValueTypes.LISTENER_NAME);
  static final ConfigKey<Void> LISTENER_ADDRESS = one(LISTENER, "address");
  static final ConfigKey<Void> FILTER_CHAINS = list(LISTENER, "filter_chains");
  static final ConfigKey<Void> LISTENER_ACCESS_LOG = list(LISTENER, "access_log");
  static final ConfigKey<Boolean> IPV4_COMPAT =
      key("SocketAddress", "ipv4_compat", ValueTypes.BOOLEAN);
  static final ConfigKey<Boolean> BIND_TO_PORT =
      key(LISTENER, "bind_to_port", new Wrapped<>(ValueTypes.BOOLEAN));
  static final ConfigKey<Void> FILTER_CHAIN_MATCH = one("FilterChain", "filter_chain_match");
  static final ConfigKey<Void> DEFAULT_FILTER_CHAIN = one(LISTENER, "default_filter_chain");
  static final ConfigKey<Void> LISTENER_FILTERS = list(LISTENER, "listener_filters");
  static final ConfigKey<List<Sourced<HostName>>> SERVER_NAMES =
      key("FilterChainMatch", "server_names", ValueTypes.NAMES);
  static final ConfigKey<String> TRANSPORT_PROTOCOL =
      text("FilterChainMatch", "transport_protocol");
  static final ConfigKey<Void> LISTENER_FILTER_CONFIG = one("ListenerFilter", "typed_config");
  static final ConfigKey<Boolean> WITHOUT_HEADER =
      key("ProxyProtocol", "allow_requests_without_proxy_protocol", ValueTypes.BOOLEAN);
  static final ConfigKey<Boolean> USE_PROXY_PROTO =
      key("FilterChain", "use_proxy_proto", new Wrapped<>(ValueTypes.BOOLEAN));
  static final ConfigKey<Void> FILTERS = list("FilterChain", "filters");
  static final ConfigKey<String> FILTER_NAME = text("Filter", "name");
  static final ConfigKey<String> LISTENER_FILTER_NAME = text("ListenerFilter", "name");
  static final ConfigKey<Void> FILTER_CONFIG = one("Filter", "typed_config");
  static final ConfigKey<String> PROXY_CLUSTER = text(TCP_PROXY, "cluster");
  static final ConfigKey<Void> WEIGHTED_CLUSTERS = one(TCP_PROXY, "weighted_clusters");
  static final ConfigKey<Void> WEIGHTED_LIST = list("WeightedCluster", "clusters");
  static final ConfigKey<String> WEIGHTED_NAME = text("WeightedCluster.clusters", "name");
  static final ConfigKey<Integer> MAX_CONNECT_ATTEMPTS =
      key(TCP_PROXY, "max_connect_attempts", new Wrapped<>(ValueTypes.integer(1, 1000)));
  static final ConfigKey<Duration> IDLE_TIMEOUT =
      key(TCP_PROXY, "idle_timeout", ValueTypes.DURATION_OR_ZERO);
  static final ConfigKey<Void> PROXY_ACCESS_LOG = list(TCP_PROXY, "access_log");
  static final ConfigKey<Void> PROXY_RETRY_POLICY = one(TCP_PROXY, "retry_policy");
  static final ConfigKey<Void> HASH_POLICY = list(TCP_PROXY, "hash_policy");
  static final ConfigKey<Void> SOURCE_IP = one("HashPolicy", "source_ip");
  static final ConfigKey<Integer> NUM_RETRIES =
      key(RETRY_POLICY, "num_retries", new Wrapped<>(ValueTypes.integer(0, 1000)));
  static final ConfigKey<Duration> PER_TRY_TIMEOUT =
      key(RETRY_POLICY, "per_try_timeout", ValueTypes.DURATION);

  static final ConfigKey<Void> LOG_CONFIG = one("AccessLog", "typed_config");
  static final ConfigKey<Path> LOG_PATH = key("FileAccessLog", "path", UpstreamTypes.PATH);
  static final ConfigKey<String> LOG_TEXT = text("FileAccessLog", "format");
  static final ConfigKey<Void> LOG_JSON = one("FileAccessLog", "json_format");
  static final ConfigKey<Void> LOG_FORMAT = one("FileAccessLog", "log_format");
  static final ConfigKey<String> FORMAT_TEXT = text("SubstitutionFormatString", "text_format");
  static final ConfigKey<Void> FORMAT_JSON = one("SubstitutionFormatString", "json_format");
  static final ConfigKey<Void> FORMAT_SOURCE =
      one("SubstitutionFormatString", "text_format_source");
  static final ConfigKey<String> INLINE_STRING = text("DataSource", "inline_string");

  static final ConfigKey<String> CLUSTER_NAME = text(CLUSTER, "name");
  static final ConfigKey<EnvoyClusterReader.Discovery> CLUSTER_TYPE =
      key(CLUSTER, "type", new Word<>(EnvoyClusterReader.Discovery.class, "type of cluster"));
  static final ConfigKey<String> DNS_LOOKUP_FAMILY = text(CLUSTER, "dns_lookup_family");
  static final ConfigKey<Void> DNS_RESOLVERS = list(CLUSTER, "dns_resolvers");
  static final ConfigKey<Void> EDS_CLUSTER_CONFIG = one(CLUSTER, "eds_cluster_config");
  static final ConfigKey<Duration> CONNECT_TIMEOUT =
      key(CLUSTER, "connect_timeout", ValueTypes.DURATION);
  static final ConfigKey<Void> LOAD_ASSIGNMENT = one(CLUSTER, "load_assignment");
  static final ConfigKey<Void> COMMON_LB_CONFIG = one(CLUSTER, "common_lb_config");
  static final ConfigKey<Void> TRANSPORT_SOCKET = one(CLUSTER, "transport_socket");
  static final ConfigKey<Void> CLUSTER_RETRY_POLICY = one(CLUSTER, "retry_policy");
  static final ConfigKey<Void> TRANSPORT_MATCHES = list(CLUSTER, "transport_socket_matches");
  static final ConfigKey<Void> MATCH = one("TransportSocketMatch", "match");
  static final ConfigKey<Void> MATCHED_SOCKET = one("TransportSocketMatch", "transport_socket");
  static final ConfigKey<Void> MATCH_CRITERIA =
      one(HealthCheckKeys.CHECK, "transport_socket_match_criteria");
  static final ConfigKey<String> SNI = text("UpstreamTlsContext", "sni");
  static final ConfigKey<Void> COMMON_TLS = one("UpstreamTlsContext", "common_tls_context");
  static final ConfigKey<Void> VALIDATION = one("CommonTlsContext", "validation_context");
  static final ConfigKey<Void> TRUSTED_CA = one("CertificateValidationContext", "trusted_ca");
  static final ConfigKey<EnvoyTransports.Verification> CHAIN_VERIFICATION =
      key(
          "CertificateValidationContext",
          "trust_chain_verification",
          new Word<>(EnvoyTransports.Verification.class, "way to verify"));
  static final ConfigKey<Path> CA_FILE = key("TrustedCa", "filename", UpstreamTypes.PATH);
  static final ConfigKey<Void> LOAD_BALANCING_POLICY = one(CLUSTER, "load_balancing_policy");
  static final ConfigKey<Void> POLICIES = list("LoadBalancingPolicy", "policies");
  static final ConfigKey<Void> TYPED_EXTENSION =
      one("LoadBalancingPolicy.Policy", "typed_extension_config");
  static final ConfigKey<Void> EXTENSION_CONFIG = one("TypedExtensionConfig", "typed_config");
  static final ConfigKey<Void> EDS_CONFIG = one("EdsClusterConfig", "eds_config");
  static final ConfigKey<String> EDS_NAME = text("EdsClusterConfig", "service_name");
  static final ConfigKey<Void> TRANSPORT_CONFIG = one("TransportSocket", "typed_config");
  static final ConfigKey<Void> PROXY_PROTOCOL_CONFIG =
      one("ProxyProtocolUpstreamTransport", "config");
  static final ConfigKey<Void> INNER_SOCKET =
      one("ProxyProtocolUpstreamTransport", "transport_socket");
  static final ConfigKey<UpstreamPolicy.ProxyProtocol> PROXY_VERSION =
      key("ProxyProtocolConfig", "version", UpstreamTypes.PROXY_PROTOCOL);

  static final ConfigKey<String> ASSIGNMENT_NAME = text(ASSIGNMENT, "cluster_name");
  static final ConfigKey<Void> LOCALITIES = list(ASSIGNMENT, "endpoints");
  static final ConfigKey<Void> LB_ENDPOINTS = list("LocalityLbEndpoints", "lb_endpoints");
  static final ConfigKey<Integer> PRIORITY =
      key("LocalityLbEndpoints", "priority", new Wrapped<>(ServiceKeys.PRIORITY));
  static final ConfigKey<Void> METADATA = one("LbEndpoint", "metadata");
  static final ConfigKey<Void> ENDPOINT = one("LbEndpoint", "endpoint");
  static final ConfigKey<EnvoyEndpointReader.Health> HEALTH_STATUS =
      key(
          "LbEndpoint",
          "health_status",
          new Word<>(EnvoyEndpointReader.Health.class, "health status"));
  static final ConfigKey<Integer> LOAD_BALANCING_WEIGHT =
      key("LbEndpoint", "load_balancing_weight", WEIGHT);
  static final ConfigKey<Void> ENDPOINT_ADDRESS = one("Endpoint", "address");

  static final ConfigKey<Void> HEALTH_CHECK_CONFIG = one("Endpoint", "health_check_config");
  static final ConfigKey<Integer> CHECK_PORT =
      key("HealthCheckConfig", "port_value", ValueTypes.integer(0, 65535));
  static final ConfigKey<Void> CHECK_ADDRESS = one("HealthCheckConfig", "address");
  static final ConfigKey<String> CHECK_HOST = text("HealthCheckConfig", "hostname");
  static final ConfigKey<Boolean> CHECK_DISABLED =
      key("HealthCheckConfig", "disable_active_health_check", ValueTypes.BOOLEAN);
  static final ConfigKey<Void> ASSIGNMENT_POLICY = one(ASSIGNMENT, "policy");
  static final ConfigKey<Integer> OVERPROVISIONING =
      key(
          "ClusterLoadAssignment.Policy",
          "overprovisioning_factor",
          new Wrapped<>(ValueTypes.integer(1, Integer.MAX_VALUE)));

  /** Every one of them. */
  static List<ConfigKey<?>> all() {
    return Collections.unmodifiableList(ALL);
  }

  private static <T> ConfigKey<T> key(String message, String field, ValueType<T> type) {
    ConfigKey<T> key = ConfigKey.of(message, field, type, "", "");
    ALL.add(key);
    return key;
  }

  private static ConfigKey<Void> one(String message, String field) {
    return key(message, field, section("section"));
  }

  private static ConfigKey<Void> list(String message, String field) {
    return key(message, field, section("list of sections"));
  }

  private static ConfigKey<String> text(String message, String field) {
    return key(message, field, UpstreamTypes.TEXT);
  }
}
