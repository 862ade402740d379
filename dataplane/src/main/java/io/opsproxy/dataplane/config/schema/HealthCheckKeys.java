package io.opsproxy.dataplane.config.schema;

import static io.opsproxy.dataplane.config.schema.ValueTypes.section;

import io.opsproxy.dataplane.config.model.HealthCheck.Scheme;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The keys of active health checks; a part of the table {@link ConfigKeys}. Names and defaults are
 * Envoy's ({@code core/v3/health_check.proto}), except that of HTTP over TLS, which Envoy leaves to
 * the transport of the cluster.
 */
public final class HealthCheckKeys {
  private HealthCheckKeys() {}

  public static final String CHECK = "services[].health_checks[]";
  public static final String HTTP = "services[].health_checks[].http_health_check";
  public static final String TCP = "services[].health_checks[].tcp_health_check";
  public static final String STATUSES =
      "services[].health_checks[].http_health_check.expected_statuses[]";

  private static final ValueType<Integer> THRESHOLD =
      new Wrapped<>(ValueTypes.integer(1, Integer.MAX_VALUE));

  public static final ConfigKey<Duration> TIMEOUT =
      ConfigKey.of(CHECK, "timeout", ValueTypes.DURATION, "(required)", "limit of one check");

  public static final ConfigKey<Duration> INTERVAL =
      ConfigKey.of(
          CHECK,
          "interval",
          ValueTypes.DURATION,
          "(required)",
          "from the end of one check to the start of the next");

  public static final ConfigKey<Duration> UNHEALTHY_INTERVAL =
      ConfigKey.of(
          CHECK,
          "unhealthy_interval",
          ValueTypes.DURATION,
          "(interval)",
          "the same for an endpoint that is unhealthy");

  public static final ConfigKey<Duration> INTERVAL_JITTER =
      ConfigKey.of(
          CHECK,
          "interval_jitter",
          ValueTypes.DURATION_OR_ZERO,
          "0",
          "longest random time added to an interval");

  public static final ConfigKey<Integer> INTERVAL_JITTER_PERCENT =
      ConfigKey.of(
          CHECK,
          "interval_jitter_percent",
          ValueTypes.integer(0, 1000),
          "0",
          "the same in percent of the interval, also of unhealthy_interval; both are added");

  public static final ConfigKey<Integer> UNHEALTHY_THRESHOLD =
      ConfigKey.of(
          CHECK,
          "unhealthy_threshold",
          THRESHOLD,
          "3",
          "failures in a row that make an endpoint unhealthy; an unexpected status does so at once");

  public static final ConfigKey<Integer> HEALTHY_THRESHOLD =
      ConfigKey.of(
          CHECK,
          "healthy_threshold",
          THRESHOLD,
          "2",
          "successes in a row that make an unhealthy endpoint healthy; at the first check, one is enough");

  public static final ConfigKey<Void> HTTP_CHECK =
      ConfigKey.of(
          CHECK,
          "http_health_check",
          section("section"),
          "",
          "ask for a page; with tcp_health_check as well, both must pass");

  public static final ConfigKey<Void> TCP_CHECK =
      ConfigKey.of(CHECK, "tcp_health_check", section("section"), "", "connect; write {}");

  public static final ConfigKey<String> HTTP_PATH =
      ConfigKey.of(
          HTTP, "path", UpstreamTypes.REQUEST_TARGET, "(required)", "path that is asked for");

  public static final ConfigKey<String> HTTP_HOST =
      ConfigKey.of(
          HTTP, "host", UpstreamTypes.HOST_HEADER, "(the endpoint's address)", "Host header");

  public static final ConfigKey<Void> EXPECTED_STATUSES =
      ConfigKey.of(
          HTTP,
          "expected_statuses",
          section("list of sections"),
          "(200)",
          "ranges of statuses that mean healthy, in place of 200");

  public static final ConfigKey<Void> RETRIABLE_STATUSES =
      ConfigKey.of(
          HTTP,
          "retriable_statuses",
          section("list of sections"),
          "",
          "ranges, as in expected_statuses, that count towards unhealthy_threshold");

  public static final ConfigKey<Scheme> SCHEME =
      ConfigKey.of(
          HTTP,
          "scheme",
          UpstreamTypes.SCHEME,
          "auto",
          "http, https, or auto: the check finds out whether the endpoint speaks TLS");

  public static final ConfigKey<Path> CA =
      ConfigKey.of(
          HTTP,
          "ca",
          UpstreamTypes.PATH,
          "(those of the JVM)",
          "file of certificates (PEM) that the endpoint's must chain to");

  public static final ConfigKey<String> SERVER_NAME =
      ConfigKey.of(
          HTTP,
          "server_name",
          UpstreamTypes.SERVER_NAME,
          "(the endpoint's host)",
          "name that the certificate must have, sent as SNI");

  public static final ConfigKey<Boolean> INSECURE_SKIP_VERIFY =
      ConfigKey.of(
          HTTP, "insecure_skip_verify", ValueTypes.BOOLEAN, "false", "accept any certificate");

  // Envoy: each range must lie within [100, 600).
  public static final ConfigKey<Integer> STATUS_START =
      ConfigKey.of(
          STATUSES,
          "start",
          ValueTypes.integer(100, 599),
          "(required)",
          "first status of the range");

  public static final ConfigKey<Integer> STATUS_END =
      ConfigKey.of(
          STATUSES,
          "end",
          ValueTypes.integer(101, 600),
          "(required)",
          "first status after the range: 300 for all of 2xx");

  static List<ConfigKey<?>> all() {
    return List.of(
        TIMEOUT,
        INTERVAL,
        UNHEALTHY_INTERVAL,
        INTERVAL_JITTER,
        INTERVAL_JITTER_PERCENT,
        UNHEALTHY_THRESHOLD,
        HEALTHY_THRESHOLD,
        HTTP_CHECK,
        TCP_CHECK,
        HTTP_PATH,
        HTTP_HOST,
        EXPECTED_STATUSES,
        RETRIABLE_STATUSES,
        SCHEME,
        CA,
        SERVER_NAME,
        INSECURE_SKIP_VERIFY,
        STATUS_START,
        STATUS_END);
  }
}
