package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.HealthCheck;
import io.opsproxy.dataplane.config.model.HealthCheck.Http;
import io.opsproxy.dataplane.config.model.HealthCheck.Scheme;
import io.opsproxy.dataplane.config.model.HealthCheck.StatusRange;
import io.opsproxy.dataplane.config.model.OutlierDetection;
import io.opsproxy.dataplane.config.model.UpstreamPolicy;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.CircuitBreaker;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.Closing;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.ProxyProtocol;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.TcpKeepalive;
import io.opsproxy.dataplane.config.schema.ValueTypes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How the peer's own file says that endpoints are watched and connected. */
class UpstreamPolicyTest {
  private static final String SUBJECT = "service \"a\" ";

  @Test
  void whereNothingIsSaidNothingIsDone() {
    assertThat(policy()).isEqualTo(UpstreamPolicy.DEFAULT);
  }

  @Test
  void everyPartIsRead() {
    assertThat(
            policy(
                "health_checks:",
                "- timeout: {seconds: 3}",
                "  interval: 10s",
                "  unhealthy_interval: 2",
                "  interval_jitter: 500ms",
                "  interval_jitter_percent: 10",
                "  unhealthy_threshold: {value: 4}",
                "  healthy_threshold: 1",
                "  http_health_check:",
                "    path: /healthz?verbose",
                "    host: api.example.com:6443",
                "    expected_statuses: [{start: 200, end: 300}, {start: 401, end: 402}]",
                "    retriable_statuses: [{start: 500, end: 600}]",
                "    scheme: HTTPS",
                "    ca: /etc/ca.pem",
                "    server_name: Kubernetes",
                "    insecure_skip_verify: true",
                "- {timeout: 1, interval: 5, tcp_health_check: {}}",
                "outlier_detection:",
                "  consecutive_5xx: {value: 7}",
                "  interval: 1s",
                "  base_ejection_time: 2s",
                "  max_ejection_time: 3s",
                "  max_ejection_percent: 50",
                "  always_eject_one_host: {value: true}",
                "  successful_active_health_check_uneject_host: false",
                "healthy_panic_threshold: {value: 0}",
                "upstream_connection_options:",
                "  tcp_keepalive: {keepalive_probes: 3, keepalive_time: 300, keepalive_interval: 10}",
                "circuit_breakers:",
                "  thresholds:",
                "  - {max_connections: 10, max_pending_requests: {value: 20}, max_retries: 30}",
                "close_connections_on_host_health_failure: true",
                "close_connections_on_host_set_change: true",
                "proxy_protocol: v2"))
        .isEqualTo(
            new UpstreamPolicy(
                List.of(
                    new HealthCheck(
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(2),
                        Duration.ofMillis(500),
                        10,
                        4,
                        1,
                        Optional.of(
                            new Http(
                                "/healthz?verbose",
                                Optional.of("api.example.com:6443"),
                                List.of(new StatusRange(200, 300), new StatusRange(401, 402)),
                                List.of(new StatusRange(500, 600)),
                                Scheme.HTTPS,
                                Optional.of(Path.of("/etc/ca.pem")),
                                Optional.of("kubernetes"),
                                true)),
                        false),
                    new HealthCheck(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ZERO,
                        3,
                        2,
                        Optional.empty(),
                        true)),
                Optional.of(
                    new OutlierDetection(
                        7,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        50,
                        true,
                        false)),
                0,
                Optional.of(new TcpKeepalive(3, 300, 10)),
                Optional.of(ProxyProtocol.V2),
                new CircuitBreaker(10, 20, 30),
                new Closing(true, true)));
  }

  @Test
  void emptySectionsHaveTheDefaultsOfEnvoyAndOfLinux() {
    UpstreamPolicy policy =
        policy(
            "health_checks: [{timeout: 1, interval: 1, http_health_check: {path: /}, tcp_health_check: {}}]",
            "outlier_detection: {}",
            "upstream_connection_options: {tcp_keepalive: {}}",
            "circuit_breakers: {thresholds: [{max_connections: 0}]}");
    HealthCheck check = policy.healthChecks().get(0);
    assertThat(check.tcp()).isTrue();
    assertThat(check.http())
        .hasValue(
            new Http(
                "/",
                Optional.empty(),
                List.of(new StatusRange(200, 201)),
                List.of(),
                Scheme.AUTO,
                Optional.empty(),
                Optional.empty(),
                false));
    assertThat(policy.outlierDetection())
        .hasValue(
            new OutlierDetection(
                5,
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                10,
                false,
                true));
    assertThat(policy.panicThreshold()).isEqualTo(50);
    assertThat(policy.keepalive()).hasValue(new TcpKeepalive(9, 7200, 75));
    assertThat(policy.circuitBreaker())
        .isEqualTo(new CircuitBreaker(0, Integer.MAX_VALUE, Integer.MAX_VALUE));
  }

  @ParameterizedTest
  @CsvSource({
    "base_ejection_time: 30, PT5M",
    "base_ejection_time: 10m, PT10M",
    "max_ejection_time: 10m, PT10M",
  })
  void theLongestEjectionIsFiveMinutesUnlessTheFirstIsLonger(String line, Duration expected) {
    assertThat(policy("outlier_detection:", "  " + line).outlierDetection())
        .map(OutlierDetection::maxEjectionTime)
        .hasValue(expected);
  }

  @ParameterizedTest
  @CsvSource({"consecutive_5xx", "consecutive_connect_failures"})
  void aThresholdOfZeroTurnsEjectionOff(String key) {
    assertThat(policy("outlier_detection:", "  " + key + ": 0").outlierDetection()).isEmpty();
    assertThat(policy("outlier_detection:", "  " + key + ": 9").outlierDetection())
        .map(OutlierDetection::consecutiveConnectFailures)
        .hasValue(9);
  }

  @Test
  void relativePathsAreRelativeToTheFile() {
    LoadResult result =
        service(
                "health_checks:",
                "- {timeout: 1, interval: 1, http_health_check: {path: /, ca: ./ca.pem}}")
            .load();
    assertThat(
            result.config().orElseThrow().services().get(0).upstream().healthChecks().get(0).http())
        .map(http -> http.ca().orElseThrow())
        .hasValue(Path.of(result.source()).resolveSibling("ca.pem"));
  }

  static Stream<Arguments> problems() {
    String check = "health_checks: [{timeout: 1, interval: 1, ";
    String http = "health_checks[0].http_health_check";
    return Stream.of(
        Arguments.of(
            "health_checks: [{}]",
            List.of(
                "error health_checks[0]: service \"a\" health check needs timeout; "
                    + ValueTypes.DURATION.remedy(),
                "error health_checks[0]: service \"a\" health check needs interval; "
                    + ValueTypes.DURATION.remedy(),
                "error health_checks[0]: service \"a\" health check does not say how to check; add"
                    + " http_health_check: {path: /healthz} or tcp_health_check: {}")),
        Arguments.of(
            check + "healthy_threshold: 0, tcp_health_check: {}}]",
            List.of(
                "error health_checks[0].healthy_threshold: service \"a\" health check"
                    + " healthy_threshold \"0\": must be 1 or more; write a whole number")),
        Arguments.of(
            check + "unhealthy_threshold: {val: 1}, tcp_health_check: {}}]",
            List.of(
                "error health_checks[0].unhealthy_threshold: service \"a\" health check"
                    + " unhealthy_threshold expected a single value, found a section of keys and"
                    + " values; write a whole number")),
        Arguments.of(
            check + "http_health_check: {}}]",
            List.of(
                "error "
                    + http
                    + ": service \"a\" health check needs path; write a path such as"
                    + " /healthz")),
        Arguments.of(
            check + "http_health_check: {path: healthz, scheme: tls, host: 'a b', pth: 1}}]",
            List.of(
                "error "
                    + http
                    + ".pth: unknown key \"pth\" has no effect; did you mean"
                    + " \"path\"?",
                "error "
                    + http
                    + ".path: service \"a\" health check \"healthz\": not the path of"
                    + " a page; write a path such as /healthz",
                "error "
                    + http
                    + ".host: service \"a\" health check host \"a b\": not a host;"
                    + " write a host such as api.example.com",
                "error "
                    + http
                    + ".scheme: service \"a\" health check scheme \"tls\": not a"
                    + " scheme; write auto, http or https")),
        Arguments.of(
            check + "http_health_check: {path: /, expected_statuses: [{start: 200, end: 299}]}}]",
            List.of(
                "warning "
                    + http
                    + ".expected_statuses[0].end: service \"a\" health check"
                    + " expected_statuses 200 to 299: 299 not included, as in Envoy; write end:"
                    + " 300 to include it")),
        Arguments.of(
            check
                + "http_health_check: {path: /, expected_statuses: [{start: 200, end: 200}],"
                + " retriable_statuses: [{start: 99, end: 601}, {start: 500}]}}]",
            List.of(
                "error "
                    + http
                    + ".expected_statuses[0].end: service \"a\" health check"
                    + " expected_statuses 200 to 200 is empty, because end does not belong to it;"
                    + " write end: 201 for the status 200 alone",
                "error "
                    + http
                    + ".retriable_statuses[0].start: service \"a\" health check"
                    + " retriable_statuses \"99\": must be 100-599; write a whole number",
                "error "
                    + http
                    + ".retriable_statuses[0].end: service \"a\" health check"
                    + " retriable_statuses \"601\": must be 101-600; write a whole number",
                "error "
                    + http
                    + ".retriable_statuses[1]: service \"a\" health check"
                    + " retriable_statuses needs end; write a whole number")),
        Arguments.of(
            "outlier_detection: {min_health_percent: 30}",
            List.of(
                "warning outlier_detection.min_health_percent: service \"a\" outlier_detection"
                    + " min_health_percent is a field of Istio, not of Envoy; it is taken as"
                    + " healthy_panic_threshold: 30, below which all endpoints are used; write"
                    + " healthy_panic_threshold")),
        Arguments.of(
            "outlier_detection: {max_ejection_percent: 101, base_ejection_time: 2,"
                + " max_ejection_time: 1}",
            List.of(
                "error outlier_detection.max_ejection_time: service \"a\" outlier_detection"
                    + " max_ejection_time is shorter than base_ejection_time; make it at least as"
                    + " long, or leave it out",
                "error outlier_detection.max_ejection_percent: service \"a\" outlier_detection"
                    + " max_ejection_percent \"101\": must be 0-100; write a whole number")),
        Arguments.of(
            "outlier_detection: {consecutive_5xx: 1, consecutive_connect_failures: 2}",
            List.of(
                "warning outlier_detection.consecutive_5xx: service \"a\" outlier_detection"
                    + " consecutive_5xx has no effect, because consecutive_connect_failures is"
                    + " set; keep one of the two")),
        Arguments.of(
            "upstream_connection_options: {tcp_keepalive: {keepalive_time: 0}}",
            List.of(
                "error upstream_connection_options.tcp_keepalive.keepalive_time: service \"a\""
                    + " keepalive_time \"0\": must be 1-32767; write a whole number")),
        Arguments.of(
            "circuit_breakers: {thresholds: [{priority: HIGH}, {max_retries: 1}, {}]}",
            List.of(
                "warning circuit_breakers.thresholds[0]: service \"a\" thresholds of priority"
                    + " HIGH, which no connection uses; keep one, of priority DEFAULT",
                "warning circuit_breakers.thresholds[2]: service \"a\" has a second set of"
                    + " thresholds, which no connection uses; keep one, of priority DEFAULT")),
        Arguments.of(
            "proxy_protocol: 2",
            List.of(
                "error proxy_protocol: service \"a\" proxy_protocol \"2\": not a PROXY protocol"
                    + " version; write v1 or v2")),
        Arguments.of(
            "healthy_panic_threshold: 101",
            List.of(
                "error healthy_panic_threshold: service \"a\" healthy_panic_threshold \"101\": must"
                    + " be 0-100; write a whole number")));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void whatIsWrongIsSaid(String line, List<String> problems) {
    assertThat(service(line).problems())
        .map(problem -> problem.replaceFirst(" 4 services\\[0\\]\\.", " "))
        .containsExactlyElementsOf(problems);
    assertThat(problems).allSatisfy(problem -> assertThat(problem).containsAnyOf(SUBJECT, "key"));
  }

  @Test
  void minHealthPercentIsThePanicThresholdWhereThatIsNotSet() {
    assertThat(policy("outlier_detection: {min_health_percent: 30}").panicThreshold())
        .isEqualTo(30);
    assertThat(
            policy("healthy_panic_threshold: 20", "outlier_detection: {min_health_percent: 30}")
                .panicThreshold())
        .isEqualTo(20);
  }

  private static Loading service(String... lines) {
    StringBuilder yaml = new StringBuilder("services:\n- name: a\n  endpoints: ['b:1']\n");
    for (String line : lines) {
      yaml.append("  ").append(line).append('\n');
    }
    return Loading.yaml(yaml.toString());
  }

  private static UpstreamPolicy policy(String... lines) {
    return service(lines).config().services().get(0).upstream();
  }
}
