package io.opsproxy.dataplane.config.envoy;

import java.util.HashMap;
import java.util.Map;

/**
 * The fields of Envoy's messages that the readers do not use, and what becomes of them. Source: the
 * v3 API of Envoy 1.35, message by message. Those that are used are {@link EnvoyKeys}; a field that
 * is in neither does not exist.
 */
final class EnvoyFields {
  private EnvoyFields() {}

  /** What becomes of a field. */
  enum Standing {
    /** Taken without a word: it names something, or says what holds here anyway. */
    ACCEPTED,
    /** Without effect, which is said. */
    IGNORED,
    /** Connections would go elsewhere, or unprotected; {@link EnvoyRefusals} says how. */
    REFUSED
  }

  private static final String TABLE =
      """
      Bootstrap
      ACCEPTED node_context_params
      IGNORED cluster_manager hds_config flags_path stats_sinks deferred_stat_options stats_config
      IGNORED stats_flush_interval stats_flush_on_admin stats_eviction_interval watchdog watchdogs
      IGNORED tracing layered_runtime overload_manager enable_dispatcher_stats header_prefix
      IGNORED stats_server_version_override use_tcp_for_dns_lookups dns_resolution_config
      IGNORED typed_dns_resolver_config bootstrap_extensions fatal_actions config_sources
      IGNORED default_config_source default_socket_interface certificate_provider_instances
      IGNORED inline_headers perf_tracing_file_path default_regex_engine xds_delegate_extension
      IGNORED xds_config_tracker_extension listener_manager application_log_config
      IGNORED grpc_async_client_manager_config memory_allocator_manager
      Node
      ACCEPTED id cluster metadata dynamic_parameters locality user_agent_name user_agent_version
      ACCEPTED user_agent_build_version extensions client_features listening_addresses
      StaticResources
      IGNORED secrets
      DynamicResources
      REFUSED lds_resources_locator cds_resources_locator ads_config
      ConfigSource
      ACCEPTED initial_fetch_timeout resource_api_version
      IGNORED authorities
      REFUSED api_config_source ads self
      PathConfigSource
      ACCEPTED watched_directory
      DiscoveryResponse
      ACCEPTED version_info type_url nonce canary control_plane
      Admin
      ACCEPTED ignore_global_conn_limit
      IGNORED access_log profile_path socket_options allow_paths
      Address
      REFUSED pipe envoy_internal_address
      SocketAddress
      REFUSED named_port network_namespace_filepath
      REFUSED resolver_name
      Listener
      ACCEPTED @type stat_prefix metadata drain_type traffic_direction connection_balance_config
      ACCEPTED reuse_port enable_reuse_port max_connections_to_accept_per_socket_event
      ACCEPTED ignore_global_conn_limit bypass_overload_manager
      IGNORED per_connection_buffer_limit_bytes
      IGNORED listener_filters_timeout continue_on_listener_filters_timeout freebind socket_options
      IGNORED tcp_fast_open_queue_length tcp_backlog_size enable_mptcp
      REFUSED additional_addresses filter_chain_matcher use_original_dst
      REFUSED transparent udp_listener_config api_listener internal_listener fcds_config
      REFUSED deprecated_v1
      FilterChain
      ACCEPTED name metadata
      IGNORED transport_socket_connect_timeout
      REFUSED transport_socket on_demand_configuration
      FilterChainMatch
      REFUSED destination_port prefix_ranges address_suffix suffix_len
      REFUSED direct_source_prefix_ranges source_type source_prefix_ranges source_ports
      REFUSED application_protocols
      ListenerFilter
      REFUSED config_discovery
      REFUSED filter_disabled
      ProxyProtocol
      ACCEPTED @type stat_prefix
      IGNORED rules pass_through_tlvs tlv_location
      REFUSED disallowed_versions
      TlsInspector
      ACCEPTED @type enable_ja3_fingerprinting enable_ja4_fingerprinting initial_read_buffer_size
      ACCEPTED max_client_hello_size close_connection_on_client_hello_parsing_errors
      Filter
      ACCEPTED is_optional
      REFUSED config_discovery
      TcpProxy
      ACCEPTED @type stat_prefix
      IGNORED downstream_idle_timeout upstream_idle_timeout backoff_options
      IGNORED max_downstream_connection_duration
      IGNORED max_downstream_connection_duration_jitter_percentage access_log_flush_interval
      IGNORED flush_access_log_on_connected access_log_options proxy_protocol_tlvs
      IGNORED proxy_protocol_tlv_merge_policy upstream_connect_mode max_early_data_bytes
      IGNORED check_drain_close
      REFUSED on_demand tunneling_config
      REFUSED metadata_match
      HashPolicy
      REFUSED filter_state
      SourceIp
      WeightedCluster
      WeightedCluster.clusters
      ACCEPTED weight
      REFUSED metadata_match
      RetryPolicy
      ACCEPTED retry_on per_try_idle_timeout retry_priority retry_host_predicate
      ACCEPTED retry_options_predicates host_selection_retry_max_attempts retriable_status_codes
      ACCEPTED retry_back_off rate_limited_retry_back_off retriable_headers
      ACCEPTED retriable_request_headers
      AccessLog
      ACCEPTED name
      IGNORED filter
      FileAccessLog
      ACCEPTED @type
      IGNORED typed_json_format
      SubstitutionFormatString
      ACCEPTED content_type json_format_options
      IGNORED omit_empty_values formatters
      DataSource
      REFUSED filename inline_bytes environment_variable
      Cluster
      ACCEPTED @type alt_stat_name metadata max_requests_per_connection track_cluster_stats
      ACCEPTED connection_pool_per_downstream_connection health_checks outlier_detection
      ACCEPTED circuit_breakers upstream_connection_options lb_policy ignore_health_on_host_removal
      ACCEPTED close_connections_on_host_health_failure ring_hash_lb_config maglev_lb_config
      IGNORED per_connection_buffer_limit_bytes upstream_http_protocol_options
      IGNORED common_http_protocol_options http_protocol_options http2_protocol_options
      IGNORED typed_extension_protocol_options dns_refresh_rate dns_jitter
      IGNORED dns_failure_refresh_rate respect_dns_ttl
      IGNORED use_tcp_for_dns_lookups dns_resolution_config typed_dns_resolver_config
      IGNORED wait_for_warm_on_init cleanup_interval upstream_bind_config
      IGNORED original_dst_lb_config least_request_lb_config
      IGNORED round_robin_lb_config protocol_selection lrs_server
      IGNORED lrs_report_endpoint_metrics track_timeout_budgets preconnect_policy
      REFUSED cluster_type filters upstream_config
      REFUSED lb_subset_config
      LoadBalancingPolicy
      LoadBalancingPolicy.Policy
      TypedExtensionConfig
      ACCEPTED name
      RoundRobin
      ACCEPTED @type
      IGNORED slow_start_config
      REFUSED locality_lb_config
      LeastRequest
      ACCEPTED @type enable_full_scan
      IGNORED choice_count active_request_bias slow_start_config selection_method
      REFUSED locality_lb_config
      Random
      ACCEPTED @type
      REFUSED locality_lb_config
      RingHash
      ACCEPTED @type hash_function minimum_ring_size maximum_ring_size
      ACCEPTED use_hostname_for_hashing
      REFUSED locality_weighted_lb_config hash_policy hash_balance_factor
      REFUSED consistent_hashing_lb_config
      Maglev
      ACCEPTED @type table_size
      REFUSED locality_weighted_lb_config hash_policy consistent_hashing_lb_config
      EdsClusterConfig
      CommonLbConfig
      ACCEPTED healthy_panic_threshold update_merge_window ignore_new_hosts_until_first_hc
      ACCEPTED close_connections_on_host_set_change
      IGNORED zone_aware_lb_config
      IGNORED consistent_hashing_lb_config override_host_status
      REFUSED locality_weighted_lb_config
      TransportSocket
      ACCEPTED name
      TransportSocketMatch
      ACCEPTED name
      UpstreamTlsContext
      ACCEPTED @type allow_renegotiation max_session_keys enforce_rsa_key_usage
      ACCEPTED auto_sni_san_validation
      REFUSED auto_host_sni
      CommonTlsContext
      ACCEPTED alpn_protocols key_log
      IGNORED tls_params
      REFUSED tls_certificates tls_certificate_sds_secret_configs
      REFUSED tls_certificate_provider_instance custom_tls_certificate_selector
      REFUSED validation_context_sds_secret_config combined_validation_context custom_handshaker
      CertificateValidationContext
      ACCEPTED max_verify_depth
      REFUSED ca_certificate_provider_instance system_root_certs watched_directory
      REFUSED verify_certificate_spki verify_certificate_hash match_typed_subject_alt_names
      REFUSED match_subject_alt_names require_signed_certificate_timestamp crl
      REFUSED allow_expired_certificate only_verify_leaf_cert_crl custom_validator_config
      TrustedCa
      ACCEPTED watched_directory
      REFUSED inline_bytes inline_string environment_variable
      RawBuffer
      ACCEPTED @type
      ProxyProtocolUpstreamTransport
      ACCEPTED @type allow_unspecified_address tlv_as_pool_key
      ProxyProtocolConfig
      IGNORED pass_through_tlvs added_tlvs
      ClusterLoadAssignment
      ACCEPTED @type
      REFUSED named_endpoints
      ClusterLoadAssignment.Policy
      IGNORED drop_overloads endpoint_stale_after weighted_priority_health
      LocalityLbEndpoints
      ACCEPTED locality metadata load_balancing_weight proximity
      REFUSED leds_cluster_locality_config load_balancer_endpoints
      LbEndpoint
      REFUSED endpoint_name
      Endpoint
      ACCEPTED hostname
      REFUSED additional_addresses
      HealthCheckConfig
      services[].health_checks[]
      ACCEPTED reuse_connection no_traffic_interval no_traffic_healthy_interval
      ACCEPTED always_log_health_check_failures always_log_health_check_success
      IGNORED initial_jitter unhealthy_edge_interval
      IGNORED healthy_edge_interval event_log_path event_logger event_service tls_options
      REFUSED grpc_health_check custom_health_check alt_port
      services[].health_checks[].http_health_check
      IGNORED response_buffer_size
      REFUSED send receive request_headers_to_add request_headers_to_remove
      REFUSED codec_client_type service_name_matcher method
      services[].health_checks[].tcp_health_check
      REFUSED send receive proxy_protocol_config
      services[].outlier_detection
      ACCEPTED consecutive_gateway_failure enforcing_consecutive_gateway_failure
      IGNORED enforcing_success_rate success_rate_minimum_hosts
      IGNORED success_rate_request_volume success_rate_stdev_factor consecutive_local_origin_failure
      IGNORED enforcing_consecutive_local_origin_failure
      IGNORED enforcing_local_origin_success_rate failure_percentage_threshold
      IGNORED failure_percentage_minimum_hosts failure_percentage_request_volume
      IGNORED max_ejection_time_jitter monitors
      REFUSED enforcing_consecutive_5xx split_external_local_origin_errors
      REFUSED enforcing_failure_percentage enforcing_failure_percentage_local_origin
      services[].upstream_connection_options
      IGNORED set_local_interface_name_on_upstream_connections happy_eyeballs_config
      services[].circuit_breakers
      REFUSED per_host_thresholds
      services[].circuit_breakers.thresholds[]
      ACCEPTED max_requests track_remaining max_connection_pools
      IGNORED retry_budget
      """;

  /** Message to field to standing. */
  static Map<String, Map<String, Standing>> table() {
    Map<String, Map<String, Standing>> table = new HashMap<>();
    Map<String, Standing> message = new HashMap<>();
    for (String line : TABLE.split("\n", -1)) {
      String[] words = line.split(" ", -1);
      if (words.length == 1) {
        message = new HashMap<>();
        table.put(line, message);
        continue;
      }
      Standing standing = Standing.valueOf(words[0]);
      for (int i = 1; i < words.length; i++) {
        message.put(words[i], standing);
      }
    }
    return table;
  }
}
