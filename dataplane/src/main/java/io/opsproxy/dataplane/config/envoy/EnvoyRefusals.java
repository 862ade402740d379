package io.opsproxy.dataplane.config.envoy;

import java.util.HashMap;
import java.util.Map;

/**
 * What is lost where a refused field of Envoy's messages has no effect, and what its user can do.
 * Every field that {@link EnvoyFields} refuses is here, and no other.
 */
final class EnvoyRefusals {
  private EnvoyRefusals() {}

  /**
   * Why a field is refused.
   *
   * @param harmless the value that means what happens without the field; empty for none beside
   *     those that every field has (nothing, false, an empty list)
   * @param lost one clause: what would be otherwise than in Envoy
   * @param remedy what to write instead
   */
  record Refusal(String harmless, String lost, String remedy) {}

  private static final String TABLE =
      """
      DynamicResources.lds_resources_locator | | listeners would be missing | write lds_config: {path_config_source: {path: FILE}}
      DynamicResources.cds_resources_locator | | clusters would be missing | write cds_config: {path_config_source: {path: FILE}}
      DynamicResources.ads_config | | what a management server sends would be missing | write lds_config and cds_config with path_config_source: {path: FILE}
      ConfigSource.api_config_source | | what a management server sends would be missing | write path_config_source: {path: FILE}
      ConfigSource.ads | | what a management server sends would be missing | write path_config_source: {path: FILE}
      ConfigSource.self | | what a management server sends would be missing | write path_config_source: {path: FILE}
      Address.pipe | | a Unix socket is neither listened on nor connected here | write socket_address: {address: 127.0.0.1, port_value: PORT}
      Address.envoy_internal_address | | there are no listeners inside of the process | write socket_address with the address of the endpoint itself
      SocketAddress.named_port | | the port would be unknown | write port_value
      SocketAddress.network_namespace_filepath | | another network would be used | start this program in that namespace, and remove it
      SocketAddress.resolver_name | | the name would lead elsewhere | write the IP address
      Listener.additional_addresses | | nothing would listen there | write a listener for each address
      Listener.filter_chain_matcher | | connections would go to other chains | write filter_chain_match with server_names in each chain
      Listener.use_original_dst | | connections would not go where they were sent to | leave these connections to Envoy
      Listener.transparent | | connections for other addresses would not arrive | leave these connections to Envoy
      Listener.udp_listener_config | | only TCP is proxied | remove the listener, or leave it to Envoy
      Listener.api_listener | | it takes no connections | remove the listener
      Listener.internal_listener | | there are no listeners inside of the process | remove the listener, and name its cluster where it was used
      Listener.fcds_config | | filter chains would be missing | write filter_chains into the listener
      Listener.deprecated_v1 | | it would listen all the same | remove it, or the listener
      FilterChain.transport_socket | | TLS would not be ended here: bytes are relayed as they are | remove it, and let the endpoint end TLS
      FilterChain.on_demand_configuration | | its filters would be missing | write filters into the chain
      FilterChainMatch.destination_port | | connections of other ports would come as well | write a listener for each port
      FilterChainMatch.prefix_ranges | | connections of other addresses would come as well | write a listener for each address
      FilterChainMatch.address_suffix | | connections of other addresses would come as well | write a listener for each address
      FilterChainMatch.suffix_len | | connections of other addresses would come as well | write a listener for each address
      FilterChainMatch.direct_source_prefix_ranges | | connections of other clients would come as well | leave these connections to Envoy
      FilterChainMatch.source_type | ANY | connections of other clients would come as well | leave these connections to Envoy
      FilterChainMatch.source_prefix_ranges | | connections of other clients would come as well | leave these connections to Envoy
      FilterChainMatch.source_ports | | connections of other clients would come as well | leave these connections to Envoy
      FilterChainMatch.application_protocols | | connections of other protocols would come as well | tell chains apart by server_names
      ProxyProtocol.disallowed_versions | | headers of that version would be taken | remove it
      ListenerFilter.config_discovery | | the filter would be missing | write typed_config
      ListenerFilter.filter_disabled | | the filter would look at connections that it should not | remove it, or the filter
      Filter.config_discovery | | the filter would be missing | write typed_config
      TcpProxy.on_demand | | a cluster that is not yet there would not be fetched | define the cluster in a file
      TcpProxy.tunneling_config | | bytes would not go through an HTTP tunnel | leave these connections to Envoy
      TcpProxy.metadata_match | | endpoints outside of the subset would be used | write a cluster with those endpoints alone
      HashPolicy.filter_state | | connections would be spread by something else | write source_ip: {}
      WeightedCluster.clusters.metadata_match | | endpoints outside of the subset would be used | write a cluster with those endpoints alone
      DataSource.filename | | the access log would have another format | write inline_string with what stands in the file
      DataSource.inline_bytes | | the access log would have another format | write inline_string
      DataSource.environment_variable | | the access log would have another format | write inline_string
      UpstreamTlsContext.auto_host_sni | | the check would ask for another name | write sni: NAME
      CommonTlsContext.tls_certificates | | the check would show no certificate of its own | write a path that needs none
      CommonTlsContext.tls_certificate_sds_secret_configs | | the check would show no certificate of its own | write a path that needs none
      CommonTlsContext.tls_certificate_provider_instance | | the check would show no certificate of its own | write a path that needs none
      CommonTlsContext.custom_tls_certificate_selector | | the check would show no certificate of its own | write a path that needs none
      CommonTlsContext.validation_context_sds_secret_config | | the endpoint would not be verified so | write validation_context: {trusted_ca: {filename: FILE}}
      CommonTlsContext.combined_validation_context | | the endpoint would not be verified so | write validation_context: {trusted_ca: {filename: FILE}}
      CommonTlsContext.custom_handshaker | | the endpoint would not be verified so | write validation_context: {trusted_ca: {filename: FILE}}
      CertificateValidationContext.ca_certificate_provider_instance | | the endpoint would be verified in another way | write trusted_ca: {filename: FILE}, and sni for the name in its certificate
      CertificateValidationContext.system_root_certs | | the endpoint would be verified in another way | write trusted_ca: {filename: FILE}, and sni for the name in its certificate
      CertificateValidationContext.watched_directory | | the endpoint would be verified in another way | write trusted_ca: {filename: FILE}, and sni for the name in its certificate
      CertificateValidationContext.verify_certificate_spki | | the endpoint would be verified in another way | write trusted_ca: {filename: FILE}, and sni for the name in its certificate
      CertificateValidationContext.verify_certificate_hash | | the endpoint would be verified in another way | write trusted_ca: {filename: FILE}, and sni for the name in its certificate
      CertificateValidationContext.match_typed_subject_alt_names | | the endpoint would be verified in another way | write trusted_ca: {filename: FILE}, and sni for the name in its certificate
      CertificateValidationContext.match_subject_alt_names | | the endpoint would be verified in another way | write trusted_ca: {filename: FILE}, and sni for the name in its certificate
      CertificateValidationContext.require_signed_certificate_timestamp | | the endpoint would be verified in another way | write trusted_ca: {filename: FILE}, and sni for the name in its certificate
      CertificateValidationContext.crl | | the endpoint would be verified in another way | write trusted_ca: {filename: FILE}, and sni for the name in its certificate
      CertificateValidationContext.allow_expired_certificate | | the endpoint would be verified in another way | write trusted_ca: {filename: FILE}, and sni for the name in its certificate
      CertificateValidationContext.only_verify_leaf_cert_crl | | the endpoint would be verified in another way | write trusted_ca: {filename: FILE}, and sni for the name in its certificate
      CertificateValidationContext.custom_validator_config | | the endpoint would be verified in another way | write trusted_ca: {filename: FILE}, and sni for the name in its certificate
      TrustedCa.inline_bytes | | the endpoint would not be verified | write filename: FILE with what stands in it
      TrustedCa.inline_string | | the endpoint would not be verified | write filename: FILE with what stands in it
      TrustedCa.environment_variable | | the endpoint would not be verified | write filename: FILE with what stands in it
      Cluster.cluster_type | | its endpoints would be missing | write type: STATIC, STRICT_DNS or EDS
      Cluster.filters | | what they do to each connection would be missing | leave these connections to Envoy
      Cluster.upstream_config | | connections would be made in another way | leave these connections to Envoy
      Cluster.lb_subset_config | | endpoints outside of the subset would be used | write a cluster for each subset
      RoundRobin.locality_lb_config | | localities would get other shares | give their endpoints load_balancing_weight
      LeastRequest.locality_lb_config | | localities would get other shares | give their endpoints load_balancing_weight
      Random.locality_lb_config | | localities would get other shares | give their endpoints load_balancing_weight
      RingHash.locality_weighted_lb_config | | localities would get other shares | give their endpoints load_balancing_weight
      RingHash.hash_policy | | connections would be spread by something else | write hash_policy: [{source_ip: {}}] into the TcpProxy
      RingHash.hash_balance_factor | | clients of a busy endpoint would not be moved to others | remove it
      RingHash.consistent_hashing_lb_config | | clients of a busy endpoint would not be moved to others | remove it
      Maglev.consistent_hashing_lb_config | | clients of a busy endpoint would not be moved to others | remove it
      Maglev.locality_weighted_lb_config | | localities would get other shares | give their endpoints load_balancing_weight
      Maglev.hash_policy | | connections would be spread by something else | write hash_policy: [{source_ip: {}}] into the TcpProxy
      CommonLbConfig.locality_weighted_lb_config | | localities would get other shares | give their endpoints load_balancing_weight
      ClusterLoadAssignment.named_endpoints | | endpoints would be missing | write their addresses under endpoints
      LocalityLbEndpoints.leds_cluster_locality_config | | endpoints would be missing | write lb_endpoints
      LocalityLbEndpoints.load_balancer_endpoints | | endpoints would be missing | write lb_endpoints
      LbEndpoint.endpoint_name | | the endpoint would be missing | write endpoint: {address: ...}
      Endpoint.additional_addresses | | the endpoint's other addresses would not be tried | write an endpoint for each address
      services[].health_checks[].grpc_health_check | | the endpoint would not be checked | write http_health_check or tcp_health_check
      services[].health_checks[].custom_health_check | | the endpoint would not be checked | write http_health_check or tcp_health_check
      services[].health_checks[].alt_port | | the check would ask at another port | write health_check_config: {port_value: PORT} into each endpoint
      services[].health_checks[].http_health_check.send | | the check would ask for something else | write path alone
      services[].health_checks[].http_health_check.receive | | an endpoint would pass whose answer is another | write expected_statuses alone
      services[].health_checks[].http_health_check.request_headers_to_add | | the check would ask without them | write a path that needs none
      services[].health_checks[].http_health_check.request_headers_to_remove | | the check would ask with them | remove it
      services[].health_checks[].http_health_check.service_name_matcher | | an endpoint of another service would pass | remove it
      services[].health_checks[].http_health_check.codec_client_type | HTTP1 | the check speaks HTTP/1.1 alone | remove it
      services[].health_checks[].http_health_check.method | GET | the check asks with GET | remove it, and write a path that answers GET
      services[].health_checks[].tcp_health_check.send | | the check would only connect | write tcp_health_check: {} if a connect is enough
      services[].health_checks[].tcp_health_check.receive | | an endpoint would pass that answers otherwise | write tcp_health_check: {} if a connect is enough
      services[].health_checks[].tcp_health_check.proxy_protocol_config | | the check would send no PROXY header | write transport_socket with proxy_protocol for the cluster
      services[].outlier_detection.enforcing_consecutive_5xx | 100 | an endpoint is always ejected after consecutive_5xx failures | remove it; consecutive_5xx: 0 turns ejection off
      services[].outlier_detection.split_external_local_origin_errors | | failed connects would be counted by another threshold | remove it, and write the number into consecutive_5xx
      services[].outlier_detection.enforcing_failure_percentage | 0 | endpoints would not be ejected by their share of failures | remove it; consecutive_5xx ejects by failures in a row
      services[].outlier_detection.enforcing_failure_percentage_local_origin | 0 | endpoints would not be ejected by their share of failures | remove it; consecutive_5xx ejects by failures in a row
      services[].circuit_breakers.per_host_thresholds | | an endpoint would get more connections than it may | write thresholds for the cluster
      """;

  /** By message and field, with a dot between them. */
  static Map<String, Refusal> table() {
    Map<String, Refusal> table = new HashMap<>();
    for (String line : TABLE.strip().split("\n", -1)) {
      String[] parts = line.split("\\|", -1);
      table.put(
          parts[0].strip(), new Refusal(parts[1].strip(), parts[2].strip(), parts[3].strip()));
    }
    return table;
  }
}
