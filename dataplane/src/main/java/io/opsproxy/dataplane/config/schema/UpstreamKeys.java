package io.opsproxy.dataplane.config.schema;

import static io.opsproxy.dataplane.config.schema.ServiceKeys.SERVICES;
import static io.opsproxy.dataplane.config.schema.ValueTypes.section;

import io.opsproxy.dataplane.config.model.UpstreamPolicy.ProxyProtocol;
import java.time.Duration;
import java.util.List;

/**
 * The keys that say how the endpoints of a service are watched and connected; a part of the table
 * {@link ConfigKeys}. Names and defaults are Envoy's ({@code cluster/v3/outlier_detection.proto},
 * {@code circuit_breaker.proto}, {@code core/v3/address.proto}).
 */
public final class UpstreamKeys {
  private UpstreamKeys() {}

  public static final String OUTLIER = "services[].outlier_detection";
  public static final String OPTIONS = "services[].upstream_connection_options";
  public static final String KEEPALIVE = "services[].upstream_connection_options.tcp_keepalive";
  public static final String BREAKERS = "services[].circuit_breakers";
  public static final String THRESHOLDS = "services[].circuit_breakers.thresholds[]";

  /** Envoy's {@code RoutingPriority}. */
  public enum Priority {
    DEFAULT,
    HIGH
  }

  private static final ValueType<Integer> ANY_NUMBER =
      new Wrapped<>(ValueTypes.integer(0, Integer.MAX_VALUE));
  private static final ValueType<Integer> PERCENT = new Wrapped<>(ValueTypes.integer(0, 100));
  private static final ValueType<Boolean> BOOLEAN = new Wrapped<>(ValueTypes.BOOLEAN);
  // Linux takes no more (MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL, MAX_TCP_KEEPCNT in net/tcp.h).
  private static final ValueType<Integer> KEEPALIVE_SECONDS =
      new Wrapped<>(ValueTypes.integer(1, 32767));

  public static final ConfigKey<Void> HEALTH_CHECKS =
      ConfigKey.of(
          SERVICES,
          "health_checks",
          section("list of sections"),
          "",
          "active checks; an endpoint is healthy when all of them say so");

  public static final ConfigKey<Void> OUTLIER_DETECTION =
      ConfigKey.of(
          SERVICES,
          "outlier_detection",
          section("section"),
          "",
          "endpoints that fail to connect are left out for a while");

  public static final ConfigKey<Integer> PANIC_THRESHOLD =
      ConfigKey.of(
          SERVICES,
          "healthy_panic_threshold",
          PERCENT,
          "50",
          "percentage of healthy endpoints below which all of them are used; 0 means never");

  public static final ConfigKey<Void> CONNECTION_OPTIONS =
      ConfigKey.of(
          SERVICES, "upstream_connection_options", section("section"), "", "holds tcp_keepalive");

  public static final ConfigKey<Void> CIRCUIT_BREAKERS =
      ConfigKey.of(SERVICES, "circuit_breakers", section("section"), "", "holds thresholds");

  public static final ConfigKey<ProxyProtocol> PROXY_PROTOCOL =
      ConfigKey.of(
          SERVICES,
          "proxy_protocol",
          UpstreamTypes.PROXY_PROTOCOL,
          "(none)",
          "v1 or v2: the PROXY header that tells the endpoint the client's address");

  public static final ConfigKey<Boolean> CLOSE_ON_HEALTH_FAILURE =
      ConfigKey.of(
          SERVICES,
          "close_connections_on_host_health_failure",
          ValueTypes.BOOLEAN,
          "false",
          "close the connections to an endpoint when a check fails or it is ejected");

  public static final ConfigKey<Boolean> CLOSE_ON_REMOVAL =
      ConfigKey.of(
          SERVICES,
          "close_connections_on_host_set_change",
          ValueTypes.BOOLEAN,
          "false",
          "close the connections to an endpoint when it is taken out of the configuration");

  public static final ConfigKey<Integer> CONSECUTIVE_5XX =
      ConfigKey.of(
          OUTLIER,
          "consecutive_5xx",
          ANY_NUMBER,
          "5",
          "failed connects in a row after which an endpoint is ejected; 0 means never");

  public static final ConfigKey<Integer> CONSECUTIVE_CONNECT_FAILURES =
      ConfigKey.of(
          OUTLIER,
          "consecutive_connect_failures",
          ANY_NUMBER,
          "",
          "the same by the name of what is counted");

  public static final ConfigKey<Duration> OUTLIER_INTERVAL =
      ConfigKey.of(
          OUTLIER,
          "interval",
          ValueTypes.DURATION,
          "10",
          "how often ejected endpoints are looked at for their return");

  public static final ConfigKey<Duration> BASE_EJECTION_TIME =
      ConfigKey.of(
          OUTLIER,
          "base_ejection_time",
          ValueTypes.DURATION,
          "30",
          "time of the first ejection; the next ones are longer");

  public static final ConfigKey<Duration> MAX_EJECTION_TIME =
      ConfigKey.of(
          OUTLIER,
          "max_ejection_time",
          ValueTypes.DURATION,
          "(300, or base_ejection_time where that is longer)",
          "bound of the ejection time");

  public static final ConfigKey<Integer> MAX_EJECTION_PERCENT =
      ConfigKey.of(
          OUTLIER,
          "max_ejection_percent",
          PERCENT,
          "10",
          "largest share of endpoints that may be ejected at a time");

  public static final ConfigKey<Boolean> ALWAYS_EJECT_ONE_HOST =
      ConfigKey.of(
          OUTLIER,
          "always_eject_one_host",
          BOOLEAN,
          "false",
          "one endpoint may be ejected whatever its share");

  public static final ConfigKey<Boolean> UNEJECT_ON_HEALTHY_CHECK =
      ConfigKey.of(
          OUTLIER,
          "successful_active_health_check_uneject_host",
          BOOLEAN,
          "true",
          "a health check that passes ends the ejection at once");

  public static final ConfigKey<Integer> MIN_HEALTH_PERCENT =
      ConfigKey.of(
          OUTLIER,
          "min_health_percent",
          PERCENT,
          "",
          "Istio's name of healthy_panic_threshold, where that is not set");

  public static final ConfigKey<Void> TCP_KEEPALIVE =
      ConfigKey.of(
          OPTIONS,
          "tcp_keepalive",
          section("section"),
          "",
          "probes on idle connections to endpoints; {} for the defaults of Linux");

  public static final ConfigKey<Integer> KEEPALIVE_PROBES =
      ConfigKey.of(
          KEEPALIVE,
          "keepalive_probes",
          new Wrapped<>(ValueTypes.integer(1, 127)),
          "9",
          "unanswered probes after which a connection is dead");

  public static final ConfigKey<Integer> KEEPALIVE_TIME =
      ConfigKey.of(
          KEEPALIVE,
          "keepalive_time",
          KEEPALIVE_SECONDS,
          "7200",
          "idle seconds before the first probe");

  public static final ConfigKey<Integer> KEEPALIVE_INTERVAL =
      ConfigKey.of(
          KEEPALIVE, "keepalive_interval", KEEPALIVE_SECONDS, "75", "seconds between probes");

  public static final ConfigKey<Void> THRESHOLDS_LIST =
      ConfigKey.of(
          BREAKERS,
          "thresholds",
          section("list of sections"),
          "",
          "bounds; those of priority DEFAULT count");

  public static final ConfigKey<Priority> PRIORITY =
      ConfigKey.of(
          THRESHOLDS,
          "priority",
          new Word<>(Priority.class, "priority"),
          "default",
          "default; Envoy's other one, high, is not used for TCP");

  public static final ConfigKey<Integer> BREAKER_CONNECTIONS =
      ConfigKey.of(
          THRESHOLDS,
          "max_connections",
          ANY_NUMBER,
          "(no limit)",
          "connections open to the service");

  public static final ConfigKey<Integer> BREAKER_PENDING =
      ConfigKey.of(
          THRESHOLDS,
          "max_pending_requests",
          ANY_NUMBER,
          "(no limit)",
          "connections being established");

  public static final ConfigKey<Integer> BREAKER_RETRIES =
      ConfigKey.of(
          THRESHOLDS,
          "max_retries",
          ANY_NUMBER,
          "(no limit)",
          "connects under way that are not their connection's first");

  static List<ConfigKey<?>> all() {
    return List.of(
        HEALTH_CHECKS,
        OUTLIER_DETECTION,
        PANIC_THRESHOLD,
        CONNECTION_OPTIONS,
        CIRCUIT_BREAKERS,
        PROXY_PROTOCOL,
        CLOSE_ON_HEALTH_FAILURE,
        CLOSE_ON_REMOVAL,
        CONSECUTIVE_5XX,
        CONSECUTIVE_CONNECT_FAILURES,
        OUTLIER_INTERVAL,
        BASE_EJECTION_TIME,
        MAX_EJECTION_TIME,
        MAX_EJECTION_PERCENT,
        ALWAYS_EJECT_ONE_HOST,
        UNEJECT_ON_HEALTHY_CHECK,
        MIN_HEALTH_PERCENT,
        TCP_KEEPALIVE,
        KEEPALIVE_PROBES,
        KEEPALIVE_TIME,
        KEEPALIVE_INTERVAL,
        THRESHOLDS_LIST,
        PRIORITY,
        BREAKER_CONNECTIONS,
        BREAKER_PENDING,
        BREAKER_RETRIES);
  }
}
