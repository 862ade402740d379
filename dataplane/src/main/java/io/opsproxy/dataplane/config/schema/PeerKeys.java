package io.opsproxy.dataplane.config.schema;

import static io.opsproxy.dataplane.config.schema.ValueTypes.section;

import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostPort;
import java.time.Duration;
import java.util.List;

/** The keys of {@code peer:}; a part of the table {@link ConfigKeys}. */
public final class PeerKeys {
  private PeerKeys() {}

  public static final String PEER = "peer";

  private static final ValueType<Integer> ANY_NUMBER = ValueTypes.integer(0, Integer.MAX_VALUE);

  public static final ConfigKey<BindAddress> BIND_ADDR =
      ConfigKey.of(
              PEER,
              "bind_addr",
              ValueTypes.BIND_ADDRESS,
              ":6443",
              "address where clients and peers connect")
          .variables("PEER_BIND_ADDR", "SERVER_BIND_ADDR")
          .flag("--bind-addr");

  public static final ConfigKey<BindAddress> LISTEN_ADDRESS =
      ConfigKey.of(
              PEER,
              "listen_address",
              ValueTypes.BIND_ADDRESS,
              ":9090",
              "address of the metrics, health and status pages")
          .variables("PEER_LISTEN_ADDRESS", "SERVER_LISTEN_ADDRESS")
          .flag("--web.listen-address");

  public static final ConfigKey<String> TELEMETRY_PATH =
      ConfigKey.of(
              PEER,
              "telemetry_path",
              ValueTypes.TELEMETRY_PATH,
              "/metrics",
              "path of the metrics page")
          .variables("PEER_TELEMETRY_PATH", "SERVER_TELEMETRY_PATH")
          .flag("--web.telemetry-path");

  public static final ConfigKey<Duration> CONNECTION_TIMEOUT =
      ConfigKey.of(
              PEER,
              "connection_timeout",
              ValueTypes.DURATION,
              "5",
              "how long a forwarded connection waits for its data connection from the other peer")
          .variables("PEER_CONNECTION_TIMEOUT_SECONDS", "SERVER_CONNECTION_TIMEOUT_SECONDS");

  public static final ConfigKey<Duration> REGISTRATION_READ_TIMEOUT =
      ConfigKey.of(
              PEER,
              "registration_read_timeout",
              ValueTypes.DURATION,
              "180",
              "silence after which a link that another peer opened counts as dead")
          .variables(
              "PEER_REGISTRATION_READ_TIMEOUT_SECONDS", "SERVER_REGISTRATION_READ_TIMEOUT_SECONDS");

  public static final ConfigKey<List<Sourced<HostPort>>> REMOTE_PEER_ADDR =
      ConfigKey.of(
              PEER,
              "remote_peer_addr",
              ValueTypes.HOST_PORTS,
              "",
              "peers to keep a link to, separated by commas or as a list")
          .variables("REMOTE_PEER_ADDR", "CLIENT_SERVER_ADDR");

  public static final ConfigKey<List<Sourced<String>>> SERVICE_ADDR =
      ConfigKey.of(
              PEER,
              "service_addr",
              ValueTypes.SERVICE_ITEMS,
              "",
              "services served here, separated by commas or as a list; each is domain:port or name:host:port")
          .variables("SERVICE_ADDR", "SRV_ADDR", "CLIENT_BACKEND_ADDR");

  public static final ConfigKey<String> PEER_NAME =
      ConfigKey.of(
              PEER,
              "peer_name",
              ValueTypes.PEER_NAME,
              "(POD_NAME, HOSTNAME, or the machine's name)",
              "name of this peer on links")
          .variables("PEER_NAME", "CLIENT_NAME");

  public static final ConfigKey<HostPort> LOCAL_PEER_ADDR =
      ConfigKey.of(
              PEER,
              "local_peer_addr",
              ValueTypes.HOST_OR_HOST_PORT,
              "(POD_IP, the host of bind_addr, or the machine's name)",
              "address that other peers dial to reach this one; without a port, the port of bind_addr")
          .variables("LOCAL_PEER_ADDR");

  public static final ConfigKey<Duration> RECONNECT_INTERVAL =
      ConfigKey.of(
              PEER,
              "reconnect_interval",
              ValueTypes.DURATION,
              "5",
              "longest pause between two attempts to reach a remote peer")
          .variables("PEER_RECONNECT_INTERVAL_SECONDS", "CLIENT_RECONNECT_INTERVAL_SECONDS");

  public static final ConfigKey<Integer> MAX_RECONNECT =
      ConfigKey.of(
              PEER,
              "max_reconnect",
              ANY_NUMBER,
              "0",
              "failed attempts in a row after which a remote peer is given up; 0 means never")
          .variables("PEER_MAX_RECONNECT", "CLIENT_MAX_RECONNECT");

  public static final ConfigKey<Duration> HEARTBEAT_INTERVAL =
      ConfigKey.of(
              PEER,
              "heartbeat_interval",
              ValueTypes.DURATION,
              "30",
              "how often a link registers again, which keeps it alive")
          .variables("PEER_HEARTBEAT_INTERVAL_SECONDS", "CLIENT_HEARTBEAT_INTERVAL_SECONDS");

  public static final ConfigKey<Duration> DRAIN_DELAY =
      ConfigKey.of(
              PEER,
              "drain_delay",
              ValueTypes.DURATION_OR_ZERO,
              "0",
              "pause between reporting not ready and the end of accepting, when told to stop")
          .variables("PEER_DRAIN_DELAY_SECONDS");

  public static final ConfigKey<Duration> DRAIN_TIMEOUT =
      ConfigKey.of(
              PEER,
              "drain_timeout",
              ValueTypes.DURATION_OR_ZERO,
              "30",
              "how long connections may go on after that")
          .variables("PEER_DRAIN_TIMEOUT_SECONDS")
          .flag("--drain-time-s");

  public static final ConfigKey<Void> BACKENDS =
      ConfigKey.of(
          PEER,
          "backends",
          section("list of sections"),
          "",
          "services served here, as a list of name and address");

  public static final ConfigKey<List<Sourced<HostPort>>> SERVER_ADDR =
      ConfigKey.of(
              PEER,
              "server_addr",
              ValueTypes.HOST_PORTS,
              "",
              "more peers to keep a link to, as in remote_peer_addr")
          .oldName();

  public static final ConfigKey<List<Sourced<HostPort>>> PEER_ADDR =
      ConfigKey.of(
              PEER,
              "peer_addr",
              ValueTypes.HOST_PORTS,
              "",
              "more peers to keep a link to, as in remote_peer_addr")
          .oldName();

  public static final ConfigKey<List<Sourced<String>>> BACKEND_ADDR =
      ConfigKey.of(
              PEER,
              "backend_addr",
              ValueTypes.SERVICE_ITEMS,
              "",
              "service_addr, where that is not set")
          .oldName();

  public static final ConfigKey<String> CLIENT_NAME =
      ConfigKey.of(
              PEER, "client_name", ValueTypes.PEER_NAME, "", "peer_name, where that is not set")
          .oldName();

  static List<ConfigKey<?>> all() {
    return List.of(
        BIND_ADDR,
        LISTEN_ADDRESS,
        TELEMETRY_PATH,
        CONNECTION_TIMEOUT,
        REGISTRATION_READ_TIMEOUT,
        REMOTE_PEER_ADDR,
        SERVICE_ADDR,
        PEER_NAME,
        LOCAL_PEER_ADDR,
        RECONNECT_INTERVAL,
        MAX_RECONNECT,
        HEARTBEAT_INTERVAL,
        DRAIN_DELAY,
        DRAIN_TIMEOUT,
        BACKENDS,
        SERVER_ADDR,
        PEER_ADDR,
        BACKEND_ADDR,
        CLIENT_NAME);
  }
}
