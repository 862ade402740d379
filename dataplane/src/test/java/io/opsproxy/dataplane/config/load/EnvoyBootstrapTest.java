package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.AccessLogSettings;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.model.ServiceConfig.Endpoint;
import io.opsproxy.dataplane.config.model.ServiceConfig.LbPolicy;
import io.opsproxy.dataplane.config.model.UpstreamPolicy;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.CircuitBreaker;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.ProxyProtocol;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bootstraps with resources of their own. */
class EnvoyBootstrapTest {
  private static final String TYPE = "\"@type\": type.googleapis.com/envoy.";
  private static final String TCP_PROXY =
      "  - filters: [{name: tcp, typed_config: {"
          + TYPE
          + "extensions.filters.network.tcp_proxy.v3.TcpProxy, cluster: a";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "node: {id: a} | true",
        "static_resources: {} | true",
        "dynamic_resources: | true",
        "admin: {address: {socket_address: {address: 127.0.0.1, port_value: 1}}} | true",
        "{peer: {bind_addr: ':0'}, node: {}} | false",
        "admin: {address: '127.0.0.1:1'} | false",
        "services: [] | false",
      })
  void isKnownByItsKeys(String yaml, boolean envoy) {
    assertThat(Loading.yaml(yaml).config().listeners().isEmpty()).isEqualTo(envoy);
  }

  @Test
  void whereNothingIsSaidTheDefaultsOfEnvoyHoldExceptForAttempts() {
    Config config = bootstrap("", "").config();
    assertThat(config.services())
        .containsExactly(
            new ServiceConfig(
                List.of(new HostName("a")),
                List.of(new Endpoint(new HostPort("192.0.2.1", 80), 1)),
                LbPolicy.ROUND_ROBIN,
                Duration.ofSeconds(5),
                4));
    assertThat(config.listeners())
        .containsExactly(
            new ListenerConfig(
                "127.0.0.1:7000",
                new BindAddress("127.0.0.1", 7000),
                Optional.of(new HostName("a")),
                Optional.empty(),
                Duration.ofSeconds(3)));
    assertThat(config.admin().address()).isEmpty();
    assertThat(config.peer().metricsAddress()).isEqualTo(new BindAddress("", 9090));
    assertThat(bootstrap("", "").problems()).isEmpty();
  }

  @Test
  void fieldsMayBeSpelledAsInJson() {
    String snake =
        listener("idle_timeout: 10s", 7000)
            + "\n"
            + cluster("outlier_detection: {consecutive_5xx: 7}");
    String camel =
        snake
            .replace("static_resources", "staticResources")
            .replace("socket_address", "socketAddress")
            .replace("port_value", "portValue")
            .replace("filter_chains", "filterChains")
            .replace("typed_config", "typedConfig")
            .replace("idle_timeout", "idleTimeout")
            .replace("load_assignment", "loadAssignment")
            .replace("lb_endpoints", "lbEndpoints")
            .replace("outlier_detection", "outlierDetection")
            .replace("consecutive_5xx", "consecutive5xx");
    assertThat(Loading.yaml(camel).problems()).isEqualTo(Loading.yaml(snake).problems()).isEmpty();
    assertThat(Loading.yaml(camel).config()).isEqualTo(Loading.yaml(snake).config());
  }

  @Test
  void aFieldInBothSpellingsIsNotGuessedAt() {
    assertThat(bootstrap("", "connect_timeout: 1s, connectTimeout: 2s").problems())
        .singleElement()
        .asString()
        .contains("\"connectTimeout\" and \"connect_timeout\" are one field");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "close_connections_on_host_health_failure: true | true | false",
        "common_lb_config: {close_connections_on_host_set_change: true} | false | true",
        "ignore_health_on_host_removal: true | false | false",
      })
  void openConnectionsAreClosedOnlyIfAsked(String cluster, boolean health, boolean removal) {
    Loading loading = bootstrap("", cluster);
    assertThat(loading.config().services().get(0).upstream().closing())
        .isEqualTo(new UpstreamPolicy.Closing(health, removal));
    assertThat(loading.problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max_connect_attempts: 2 | | 2 | PT5S",
        "max_connect_attempts: {value: 1} | retry_policy: {num_retries: 2} | 3 | PT5S",
        "retry_policy: {num_retries: 5, per_try_timeout: 0.5s} | | 6 | PT0.5S",
        "retry_policy: {num_retries: 0} | | 1 | PT5S",
        " | retry_policy: {per_try_timeout: 9s} | 2 | PT5S",
        " | connect_timeout: 0.25s | 4 | PT0.25S",
      })
  void attemptsAndTheirLimit(String proxy, String cluster, int attempts, Duration timeout) {
    ServiceConfig service = bootstrap(proxy, cluster).config().services().get(0);
    assertThat(service.connectAttempts()).isEqualTo(attempts);
    assertThat(service.connectTimeout()).isEqualTo(timeout);
  }

  @Test
  void theOtherPartsOfAClusterAreRead() {
    UpstreamPolicy policy =
        bootstrap(
                "",
                "common_lb_config: {healthy_panic_threshold: {value: 20}}, lb_policy: RANDOM,"
                    + " circuit_breakers: {thresholds: [{max_connections: 7, max_requests: 9}]},"
                    + " transport_socket: {name: pp, typed_config: {"
                    + TYPE
                    + "extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport,"
                    + " config: {version: V2}, transport_socket: {name: raw, typed_config: {"
                    + TYPE
                    + "extensions.transport_sockets.raw_buffer.v3.RawBuffer}}}}")
            .config()
            .services()
            .get(0)
            .upstream();
    assertThat(policy.panicThreshold()).isEqualTo(20);
    assertThat(policy.proxyProtocol()).hasValue(ProxyProtocol.V2);
    assertThat(policy.circuitBreaker())
        .isEqualTo(new CircuitBreaker(7, Integer.MAX_VALUE, Integer.MAX_VALUE));
  }

  @ParameterizedTest
  @CsvSource({
    "3, 1, 3, 1",
    "128, 64, 128, 64",
    "900, 100, 128, 14",
    "4000000, 1, 128, 1",
  })
  void weightsKeepTheirProportion(int first, int second, int one, int two) {
    assertThat(weighted(first, second).config().services().get(0).endpoints())
        .extracting(Endpoint::weight)
        .containsExactly(one, two);
    assertThat(weighted(0, second).load().config()).isEmpty();
  }

  private static Loading weighted(int first, int second) {
    return Loading.yaml(
        "static_resources: {clusters: [{name: a, load_assignment: {endpoints: [{lb_endpoints: ["
            + endpoint("192.0.2.1", 1, "load_balancing_weight: {value: " + first + "}")
            + ", "
            + endpoint("192.0.2.2", 2, "load_balancing_weight: " + second)
            + "]}]}}]}");
  }

  @Test
  void endpointsThatEnvoyWouldNotUseAreLeftOut() {
    Loading loading =
        Loading.yaml(
            "static_resources:",
            "  clusters:",
            "  - name: a",
            "    load_assignment:",
            "      endpoints:",
            "      - lb_endpoints:",
            "        - " + endpoint("192.0.2.1", 80, "health_status: DRAINING"),
            "        - " + endpoint("192.0.2.2", 80, "health_status: HEALTHY"),
            "        - " + endpoint("fd00::1", 80, "metadata: {}"),
            "        - " + endpoint("api.example.com", 80, "metadata: {}"),
            "      - priority: 0",
            "        lb_endpoints: [" + endpoint("192.0.2.2", 80, "metadata: {}") + "]");
    assertThat(loading.config().services().get(0).endpoints())
        .extracting(endpoint -> endpoint.address().toString())
        .containsExactly("192.0.2.2:80", "[fd00::1]:80", "api.example.com:80");
    assertThat(loading.problems())
        .hasSize(3)
        .anySatisfy(p -> assertThat(p).contains("192.0.2.1:80 is left out, because it is DRAINING"))
        .anySatisfy(
            p -> assertThat(p).contains("api.example.com:80 is a name, which Envoy refuses"))
        .anySatisfy(p -> assertThat(p).contains("192.0.2.2:80 stands twice"));
  }

  private static Loading levels(int... priorities) {
    StringBuilder localities = new StringBuilder();
    for (int i = 0; i < priorities.length; i++) {
      localities
          .append("{priority: ")
          .append(priorities[i])
          .append(", lb_endpoints: [")
          .append(endpoint("192.0.2." + i, 1, "load_balancing_weight: " + (i + 1) * 100))
          .append("]},");
    }
    return Loading.yaml(
        "static_resources: {clusters: [{name: a, load_assignment: {endpoints: ["
            + localities
            + "]}}]}");
  }

  @Test
  void prioritiesAreThoseOfTheirLocalities() {
    Loading loading = levels(1, 0, 1);
    assertThat(loading.problems()).isEmpty();
    assertThat(loading.config().services().get(0).endpoints())
        .extracting(e -> e.address().host() + " " + e.weight() + " " + e.priority())
        // weights are in proportion to those of the same priority
        .containsExactly("192.0.2.0 43 1", "192.0.2.1 128 0", "192.0.2.2 128 1");
    assertThat(levels(129).load().config()).isEmpty();
  }

  /** Envoy takes them as levels without endpoints. */
  @Test
  void aGapInPrioritiesIsAWarning() {
    Loading loading = levels(0, 2, 4);
    assertThat(loading.problems())
        .singleElement()
        .asString()
        .contains("cluster \"a\" has endpoints of priority 2, but none of priority 1");
    assertThat(loading.config().services().get(0).endpoints())
        .extracting(Endpoint::priority)
        .containsExactly(0, 2, 4);
  }

  @Test
  void namesAreFineWhereEnvoyLooksThemUp() {
    assertThat(bootstrap("", "type: STRICT_DNS").problems()).isEmpty();
    Loading dns =
        Loading.yaml(
            "static_resources: {clusters: [{name: a, type: STRICT_DNS, load_assignment: {endpoints:"
                + " [{lb_endpoints: ["
                + endpoint("api.example.com", 443, "metadata: {}")
                + "]}]}}]}");
    assertThat(dns.problems()).isEmpty();
    assertThat(dns.config().services()).hasSize(1);
  }

  @Test
  void accessLogsOfAllKindsAreRead() {
    String log = "access_log: [{name: x, typed_config: {" + TYPE + "extensions.access_loggers.";
    assertThat(
            bootstrap(
                    log
                        + "stream.v3.StdoutAccessLog, log_format: {json_format: {a: '%DURATION%'}}}}]",
                    "")
                .config()
                .accessLogs())
        .containsExactly(
            new AccessLogSettings(
                Path.of("/dev/stdout"),
                "",
                Optional.of(Map.of("a", "%DURATION%")),
                List.of("127.0.0.1:7000")));
    assertThat(
            bootstrap(
                    log
                        + "file.v3.FileAccessLog, path: /tmp/a, log_format: {text_format_source:"
                        + " {inline_string: '%BYTES_SENT%'}}}}]",
                    "")
                .config()
                .accessLogs())
        .containsExactly(
            new AccessLogSettings(
                Path.of("/tmp/a"), "%BYTES_SENT%\n", Optional.empty(), List.of("127.0.0.1:7000")));
    // Envoy's own default has operators of HTTP, which is no fault of the user's.
    Loading plain = bootstrap(log + "stream.v3.StderrAccessLog}}]", "");
    assertThat(plain.problems()).isEmpty();
    assertThat(plain.config().accessLogs().get(0).format()).startsWith("[%START_TIME%] \"%REQ(");
    assertThat(bootstrap(log + "grpc.v3.TcpGrpcAccessLogConfig}}]", "").problems())
        .singleElement()
        .asString()
        .contains("is not written");
  }

  @ParameterizedTest
  @CsvSource({"idle_timeout: 10s, PT10S", "idle_timeout: 0s, PT8784H", ", PT1H"})
  void theIdleTimeoutIsThatOfTheProxy(String line, Duration expected) {
    assertThat(bootstrap(line == null ? "" : line, "").config().proxy().idleTimeout())
        .isEqualTo(expected);
  }

  @Test
  void ofSeveralIdleTimeoutsTheLongestHolds() {
    Loading two =
        Loading.yaml(
            listener("idle_timeout: 10s", 7000),
            listenerItem("idle_timeout: 20s", 7001),
            cluster(""));
    assertThat(two.config().proxy().idleTimeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(two.problems())
        .singleElement()
        .asString()
        .contains("there is one idle_timeout for all listeners: the longest, 20 s");
  }

  private static Loading bootstrap(String proxy, String cluster) {
    return Loading.yaml(listener(proxy, 7000), cluster(cluster));
  }

  private static String listener(String proxy, int port) {
    return "static_resources:\n  listeners:\n" + listenerItem(proxy, port);
  }

  private static String listenerItem(String proxy, int port) {
    return "  - address: {socket_address: {address: 127.0.0.1, port_value: "
        + port
        + "}}\n    filter_chains:\n  "
        + TCP_PROXY
        + more(proxy)
        + "}}]";
  }

  private static String cluster(String fields) {
    return "  clusters:\n  - {name: a, load_assignment: {endpoints: [{lb_endpoints: ["
        + endpoint("192.0.2.1", 80, "metadata: {}")
        + "]}]}"
        + more(fields)
        + "}";
  }

  private static String more(String fields) {
    return fields == null || fields.isEmpty() ? "" : ", " + fields;
  }

  private static String endpoint(String host, int port, String more) {
    return "{endpoint: {address: {socket_address: {address: '"
        + host
        + "', port_value: "
        + port
        + "}}}, "
        + more
        + "}";
  }
}
