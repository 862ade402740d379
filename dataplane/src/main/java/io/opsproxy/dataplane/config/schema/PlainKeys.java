package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.model.LogSettings.Format;
import io.opsproxy.dataplane.config.model.LogSettings.Level;
import io.opsproxy.dataplane.config.model.ProxySettings.RelayChoice;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.Cidr;
import io.opsproxy.dataplane.config.value.ConnectRule;
import io.opsproxy.dataplane.config.value.HostName;
import java.time.Duration;
import java.util.List;

/** The keys of the other sections of plain values; a part of the table {@link ConfigKeys}. */
public final class PlainKeys {
  private PlainKeys() {}

  public static final String LOG = "log";
  public static final String PROXY = "proxy";
  public static final String ACCESS = "access";
  public static final String MESH = "mesh";
  public static final String LIMITS = "limits";
  public static final String ADMIN = "admin";

  private static final ValueType<Integer> ANY_NUMBER = ValueTypes.integer(0, Integer.MAX_VALUE);

  public static final ConfigKey<Level> LOG_LEVEL =
      ConfigKey.of(
              LOG,
              "level",
              ValueTypes.LEVEL,
              "info",
              "least level that is written: debug, info, warn, error")
          .variables("LOG_LEVEL");

  public static final ConfigKey<Format> LOG_FORMAT =
      ConfigKey.of(LOG, "format", ValueTypes.FORMAT, "text", "text, or json for one object a line")
          .variables("LOG_FORMAT");

  public static final ConfigKey<Duration> DIAL_TIMEOUT =
      ConfigKey.of(
              PROXY,
              "dial_timeout",
              ValueTypes.DURATION,
              "30",
              "limit of one attempt to connect to a backend")
          .variables("PROXY_DIAL_TIMEOUT_SECONDS");

  public static final ConfigKey<Duration> READ_TIMEOUT =
      ConfigKey.of(
              PROXY,
              "read_timeout",
              ValueTypes.DURATION,
              "30",
              "time in which a client has to say what it wants, counted from its connect")
          .variables("PROXY_READ_TIMEOUT_SECONDS");

  public static final ConfigKey<Duration> IDLE_TIMEOUT =
      ConfigKey.of(
              PROXY,
              "idle_timeout",
              ValueTypes.DURATION,
              "1h",
              "a connection without a byte for this long is closed")
          .variables("PROXY_IDLE_TIMEOUT_SECONDS");

  public static final ConfigKey<Duration> HALF_CLOSED_TIMEOUT =
      ConfigKey.of(
              PROXY,
              "half_closed_timeout",
              ValueTypes.DURATION,
              "5m",
              "the same, once one side has ended")
          .variables("PROXY_HALF_CLOSED_TIMEOUT_SECONDS");

  public static final ConfigKey<Integer> THREADS =
      ConfigKey.of(
              PROXY,
              "threads",
              ValueTypes.integer(0, 1024),
              "0",
              "event loops; 0 means one for each processor")
          .variables("PROXY_THREADS");

  public static final ConfigKey<RelayChoice> RELAY =
      ConfigKey.of(
              PROXY,
              "relay",
              ValueTypes.RELAY,
              "auto",
              "what moves bytes: auto (the kernel relay where it can run), kernel, channel")
          .variables("PROXY_RELAY");

  public static final ConfigKey<HostName> PROXY_DEFAULT_SERVICE =
      ConfigKey.of(
              PROXY,
              "default_service",
              ValueTypes.EXACT_NAME,
              "",
              "where connections to bind_addr go that name nothing")
          .variables("PROXY_DEFAULT_SERVICE");

  public static final ConfigKey<Duration> PROXY_DETECT_TIMEOUT =
      ConfigKey.of(
              PROXY,
              "detect_timeout",
              ValueTypes.DURATION,
              "3",
              "how long a silent client of bind_addr waits for the default service")
          .variables("PROXY_DETECT_TIMEOUT_SECONDS");

  public static final ConfigKey<List<Sourced<ConnectRule>>> ACCESS_CONNECT =
      ConfigKey.of(
              ACCESS,
              "connect",
              ValueTypes.CONNECT_RULES,
              "",
              "targets that HTTP CONNECT may reach although no service has their name: db.internal:5432, *.example.com:443, 10.0.0.0/8:*")
          .variables("ACCESS_CONNECT");

  public static final ConfigKey<List<Sourced<Cidr>>> TRUSTED_PROXIES =
      ConfigKey.of(
              ACCESS,
              "trusted_proxies",
              ValueTypes.CIDRS,
              "",
              "sources whose PROXY protocol header is believed; from all others it closes the connection")
          .variables("ACCESS_TRUSTED_PROXIES");

  public static final ConfigKey<List<Sourced<Cidr>>> LEGACY_PEERS =
      ConfigKey.of(
              MESH,
              "legacy_peers",
              ValueTypes.CIDRS,
              "(anyone)",
              "sources that may open peer links of protocol v1; [] for none")
          .variables("MESH_LEGACY_PEERS");

  public static final ConfigKey<Integer> MAX_CONNECTIONS =
      ConfigKey.of(
              LIMITS,
              "max_connections",
              ANY_NUMBER,
              "0",
              "client connections in all; 0 means what the file-descriptor limit allows")
          .variables("LIMITS_MAX_CONNECTIONS");

  public static final ConfigKey<Integer> MAX_CONNECTIONS_PER_SOURCE =
      ConfigKey.of(
              LIMITS,
              "max_connections_per_source",
              ANY_NUMBER,
              "0",
              "client connections from one address; 0 means no limit")
          .variables("LIMITS_MAX_CONNECTIONS_PER_SOURCE");

  public static final ConfigKey<Integer> MAX_CONNECTIONS_PER_NAME =
      ConfigKey.of(
              LIMITS,
              "max_connections_per_name",
              ANY_NUMBER,
              "0",
              "client connections to one name; 0 means no limit")
          .variables("LIMITS_MAX_CONNECTIONS_PER_NAME");

  public static final ConfigKey<Integer> MAX_SNIFFING =
      ConfigKey.of(
              LIMITS,
              "max_sniffing",
              ANY_NUMBER,
              "4096",
              "connections that have not yet said what they want; 0 means no limit")
          .variables("LIMITS_MAX_SNIFFING");

  public static final ConfigKey<Integer> MAX_SNIFFING_PER_SOURCE =
      ConfigKey.of(
              LIMITS,
              "max_sniffing_per_source",
              ANY_NUMBER,
              "1024",
              "the same, from one address; 0 means no limit")
          .variables("LIMITS_MAX_SNIFFING_PER_SOURCE");

  public static final ConfigKey<Integer> MAX_LINKS =
      ConfigKey.of(
              LIMITS,
              "max_links",
              ANY_NUMBER,
              "1024",
              "links that other peers dialled; 0 means no limit")
          .variables("LIMITS_MAX_LINKS");

  public static final ConfigKey<Integer> MAX_LINKS_PER_SOURCE =
      ConfigKey.of(
              LIMITS,
              "max_links_per_source",
              ANY_NUMBER,
              "256",
              "the same, from one address; 0 means no limit")
          .variables("LIMITS_MAX_LINKS_PER_SOURCE");

  public static final ConfigKey<Integer> MAX_FORWARDS_PER_LINK =
      ConfigKey.of(
              LIMITS,
              "max_forwards_per_link",
              ANY_NUMBER,
              "0",
              "connections that the peer of one link has asked this one for; 0 means half of the sockets that may be open, two for each")
          .variables("LIMITS_MAX_FORWARDS_PER_LINK");

  public static final ConfigKey<BindAddress> ADMIN_ADDRESS =
      ConfigKey.of(
              ADMIN,
              "address",
              ValueTypes.BIND_ADDRESS,
              "127.0.0.1:10000",
              "address of the pages in Envoy's shapes; there are none unless this or the section is set")
          .variables("ADMIN_ADDRESS");

  static List<ConfigKey<?>> all() {
    return List.of(
        LOG_LEVEL,
        LOG_FORMAT,
        DIAL_TIMEOUT,
        READ_TIMEOUT,
        IDLE_TIMEOUT,
        HALF_CLOSED_TIMEOUT,
        THREADS,
        RELAY,
        PROXY_DEFAULT_SERVICE,
        PROXY_DETECT_TIMEOUT,
        ACCESS_CONNECT,
        TRUSTED_PROXIES,
        LEGACY_PEERS,
        MAX_CONNECTIONS,
        MAX_CONNECTIONS_PER_SOURCE,
        MAX_CONNECTIONS_PER_NAME,
        MAX_SNIFFING,
        MAX_SNIFFING_PER_SOURCE,
        MAX_LINKS,
        MAX_LINKS_PER_SOURCE,
        MAX_FORWARDS_PER_LINK,
        ADMIN_ADDRESS);
  }
}
