package io.opsproxy.dataplane.telemetry;

import java.util.List;

/**
 * Every metric that this program exports: the one place that owns names, types, labels and
 * meanings. {@code grafana/metrics.md} and the dashboards are tested against it. All carry {@code
 * namespace}, {@code node} and {@code pod} besides the labels listed here.
 */
public enum Metric {
  SERVER_INFO(
      "ops_proxy_server_info", Type.GAUGE, "The listening side of this peer; always 1", "version"),
  CLIENT_INFO(
      "ops_proxy_client_info", Type.GAUGE, "The connecting side of this peer; always 1", "version"),
  CLIENTS_TOTAL(
      "ops_proxy_clients_total", Type.GAUGE, "Names that this peer can route, local and remote"),
  CLIENTS_CONNECTED(
      "ops_proxy_clients_connected", Type.GAUGE, "Names of those that have an owner now"),
  CLIENT_UP(
      "ops_proxy_client_up",
      Type.GAUGE,
      "1 while the name has an owner, 0 after its last owner left",
      "client_name"),
  CLIENT_REGISTRATIONS(
      "ops_proxy_client_registrations_total",
      Type.COUNTER,
      "Registrations received for the name, heartbeats included",
      "client_name"),
  CLIENT_DISCONNECTS(
      "ops_proxy_client_disconnects_total",
      Type.COUNTER,
      "Times that an owner of the name went away",
      "client_name"),
  CLIENT_FORWARDS(
      "ops_proxy_client_forwards_total",
      Type.COUNTER,
      "FORWARD commands that this peer served to the end",
      "client_name"),
  CLIENT_FORWARDS_FAILED(
      "ops_proxy_client_forwards_failed_total",
      Type.COUNTER,
      "FORWARD commands that this peer could not serve",
      "client_name",
      "reason"),
  CLIENT_ACTIVE_FORWARDS(
      "ops_proxy_client_active_forwards",
      Type.GAUGE,
      "FORWARD commands being served now",
      "client_name"),
  CONNECTIONS(
      "ops_proxy_connections_total",
      Type.COUNTER,
      "Client connections routed to the name",
      "client_name"),
  CONNECTIONS_ACTIVE(
      "ops_proxy_connections_active", Type.GAUGE, "Client connections open now", "client_name"),
  CONNECTIONS_FAILED(
      "ops_proxy_connections_failed_total",
      Type.COUNTER,
      "Client connections that failed",
      "client_name"),
  CONNECTIONS_BYTES_TX(
      "ops_proxy_connections_bytes_tx_total",
      Type.COUNTER,
      "Bytes from client to backend, counted while the connection runs",
      "client_name"),
  CONNECTIONS_BYTES_RX(
      "ops_proxy_connections_bytes_rx_total",
      Type.COUNTER,
      "Bytes from backend to client, counted while the connection runs",
      "client_name"),
  REQUESTS(
      "ops_proxy_requests_total",
      Type.COUNTER,
      "Client connections by protocol",
      "client_name",
      "protocol"),
  REQUESTS_SUCCESS(
      "ops_proxy_requests_success_total",
      Type.COUNTER,
      "Client connections that ended well",
      "client_name",
      "protocol"),
  REQUESTS_FAILED(
      "ops_proxy_requests_failed_total",
      Type.COUNTER,
      "Client connections that failed",
      "client_name",
      "protocol"),
  LATENCY_SECONDS(
      "ops_proxy_latency_seconds",
      Type.GAUGE,
      "Mean duration of the client connections that ended well, in seconds",
      "client_name",
      "protocol"),
  CONNECT_SECONDS(
      "ops_proxy_connect_seconds",
      Type.SUMMARY,
      "Time from a routed request to its connected upstream, in seconds",
      "client_name"),
  FORWARD_COMMANDS(
      "ops_proxy_forward_commands_total",
      Type.COUNTER,
      "FORWARD commands sent to owners of the name",
      "client_name"),
  DATA_MATCHED(
      "ops_proxy_data_connections_matched_total",
      Type.COUNTER,
      "DATA connections that a waiting client was joined to",
      "client_name"),
  DATA_TIMEOUT(
      "ops_proxy_data_connections_timeout_total",
      Type.COUNTER,
      "FORWARD commands that no DATA connection answered in time",
      "client_name"),
  DATA_UNEXPECTED(
      "ops_proxy_data_connections_unexpected_total",
      Type.COUNTER,
      "DATA connections with an id that nobody waits for, or from the wrong source"),
  PENDING_DATA(
      "ops_proxy_pending_data_connections",
      Type.GAUGE,
      "Clients that wait for a DATA connection now"),
  ENDPOINT_HEALTHY(
      "ops_proxy_endpoint_healthy",
      Type.GAUGE,
      "1 while new connections of the service may go to the endpoint, 0 while a check says that it is unhealthy or it is ejected",
      "service",
      "endpoint"),
  ENDPOINT_CERTIFICATE_EXPIRY(
      "ops_proxy_endpoint_certificate_expiry_timestamp_seconds",
      Type.GAUGE,
      "When the certificate ends that the endpoint showed to its last check over TLS, in seconds since 1970",
      "service",
      "endpoint"),
  ENDPOINT_CHECKS_FAILED(
      "ops_proxy_endpoint_checks_failed_total",
      Type.COUNTER,
      "Active health checks of the endpoint that failed",
      "service",
      "endpoint"),
  OUTLIER_EJECTIONS(
      "ops_proxy_outlier_ejections_total",
      Type.COUNTER,
      "Endpoints of the service ejected because connects to them failed",
      "service"),
  LB_PANIC(
      "ops_proxy_lb_panic_total",
      Type.COUNTER,
      "Choices among all endpoints of the service because too few of them are healthy",
      "service"),
  CONNECT_RETRIES(
      "ops_proxy_connect_retries_total",
      Type.COUNTER,
      "Connects to a further endpoint of the service because one before could not be connected",
      "service"),
  PROXY_ERRORS(
      "ops_proxy_proxy_errors_total", Type.COUNTER, "Failures by reason", "client_name", "reason"),
  PEER_LINK_UP(
      "ops_proxy_peer_link_up",
      Type.GAUGE,
      "1 while the link to this remote peer of the configuration is registered",
      "remote"),
  PEER_LINKS("ops_proxy_peer_links", Type.GAUGE, "Peer links that are registered now", "direction"),
  PEER_LINKS_CLOSED(
      "ops_proxy_peer_links_closed_total",
      Type.COUNTER,
      "Peer links that were closed, by reason",
      "reason"),
  MESH_REFUSALS(
      "ops_proxy_mesh_refusals_total",
      Type.COUNTER,
      "Links and names of other peers that were refused, by reason",
      "reason"),
  MESH_CERTIFICATE_EXPIRY(
      "ops_proxy_mesh_certificate_expiry_timestamp_seconds",
      Type.GAUGE,
      "When the first certificate of this peer (identity) or of the authorities that it trusts (trust) ends, in seconds since 1970",
      "which"),
  CONFIG_RELOADS(
      "ops_proxy_config_reloads_total",
      Type.COUNTER,
      "Reloads of the configuration file",
      "result"),
  CONFIG_LAST_RELOAD_SUCCESSFUL(
      "ops_proxy_config_last_reload_successful",
      Type.GAUGE,
      "1 when the file on disk is in force, 0 when it was refused"),
  CONFIG_INFO("ops_proxy_config_info", Type.GAUGE, "The configuration in force; always 1", "hash"),
  ACCESS_LOG_DROPPED(
      "ops_proxy_access_log_dropped_total",
      Type.COUNTER,
      "Lines of the access log that were dropped because the file could not take them",
      "path"),
  LISTENER_UP(
      "ops_proxy_listener_up",
      Type.GAUGE,
      "1 while the listener is bound to its address, 0 while that cannot be done",
      "listener"),
  PAGE_REFUSALS(
      "ops_proxy_page_refusals_total",
      Type.COUNTER,
      "Readers of the status and admin pages who were not served",
      "cause"),
  EVENT_LOOP_LAG(
      "ops_proxy_event_loop_lag_seconds",
      Type.GAUGE,
      "How late the event loop came to its last sign of life, in seconds; grows while it is stuck",
      "loop"),
  SNIFFING(
      "ops_proxy_connections_sniffing",
      Type.GAUGE,
      "Connections that have not yet said what they are"),
  READ_PAUSED_SECONDS(
      "ops_proxy_read_paused_seconds_total",
      Type.COUNTER,
      "Time that reading from this side stood still because the other side did not take the bytes",
      "side"),
  OPEN_STREAMS(
      "ops_proxy_open_streams",
      Type.GAUGE,
      "Sockets of clients, backends and peers that are open now"),
  MAX_STREAMS(
      "ops_proxy_max_streams",
      Type.GAUGE,
      "Sockets that may be open, by the file-descriptor limit less a reserve, and by the heap"),
  HELD_BYTES(
      "ops_proxy_held_bytes",
      Type.GAUGE,
      "Bytes held for connections that do not flow: first bytes, and what waits for sides that do not read"),
  MAX_HELD_BYTES(
      "ops_proxy_max_held_bytes",
      Type.GAUGE,
      "Bytes that may be held; beyond them the connection that holds the most is parted with");

  /** Prometheus types that are used here. */
  public enum Type {
    COUNTER,
    GAUGE,
    SUMMARY
  }

  private final String exported;
  private final Type type;
  private final String meaning;
  private final List<String> labels;

  Metric(String exported, Type type, String meaning, String... labels) {
    this.exported = exported;
    this.type = type;
    this.meaning = meaning;
    this.labels = List.of(labels);
  }

  /** The name as scraped. */
  public String exported() {
    return exported;
  }

  /** Its Prometheus type. */
  public Type type() {
    return type;
  }

  /** One sentence without a full stop: the HELP text. */
  public String meaning() {
    return meaning;
  }

  /** Labels besides {@code namespace}, {@code node} and {@code pod}. */
  public List<String> labels() {
    return labels;
  }
}
