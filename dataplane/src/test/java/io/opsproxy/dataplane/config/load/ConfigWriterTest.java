package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.value.Durations;
import io.opsproxy.dataplane.config.write.ConfigWriter;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigWriterTest {
  private static Config read(String text) {
    LoadResult result = ConfigLoader.check(text, "config.yaml");
    assertThat(result.config()).as("%s", result.problems()).isPresent();
    return result.config().get();
  }

  static Stream<String> files() {
    return Stream.of(
        "peer: {bind_addr: ':6443'}\n",
        """
        peer:
          bind_addr: "127.0.0.1:7000"
          listen_address: "[::1]:7001"
          telemetry_path: /other
          connection_timeout: 7
          registration_read_timeout: 3m30s
          remote_peer_addr: "b:6443,[2001:db8::1]:6443"
          service_addr: "web:10.0.0.1:80,example.com:443"
          reconnect_interval: 500ms
          max_reconnect: 3
          heartbeat_interval: 0.25
          drain_delay: 5
          drain_timeout: 0
        log: {level: warn, format: json}
        proxy:
          dial_timeout: 3
          read_timeout: 4
          idle_timeout: 2h
          half_closed_timeout: 90s
          threads: 3
          default_service: web
          detect_timeout: 1500ms
        mesh: {legacy_peers: []}
        access:
          connect: ["db.internal:5432", "*.example.com:*", "10.0.0.0/8:22", "[2001:db8::/32]:*"]
          trusted_proxies: [10.0.0.0/8, "::1"]
        limits:
          max_connections: 1
          max_connections_per_source: 2
          max_connections_per_name: 3
          max_sniffing: 4
          max_sniffing_per_source: 5
        admin: {address: "127.0.0.1:10001"}
        """,
        """
        peer: {bind_addr: ":6443"}
        mesh: {legacy_peers: [10.0.0.0/8, 192.0.2.1]}
        services:
        - name: web
          endpoints: [10.0.0.1:80]
        - names: [a.example.com, "*.example.com"]
          endpoints: [{address: "10.0.0.1:6443", weight: 2}, {address: "10.0.0.2:6443", priority: 1}]
          lb_policy: LEAST_REQUEST
          connect: {timeout: 1500ms, attempts: 2}
          healthy_panic_threshold: 0
          proxy_protocol: v2
          close_connections_on_host_health_failure: true
          close_connections_on_host_set_change: true
          health_checks:
          - {timeout: 1s, interval: 2s, tcp_health_check: {}}
          - timeout: 1s
            interval: 2s
            unhealthy_interval: 3s
            interval_jitter: 1s
            interval_jitter_percent: 20
            unhealthy_threshold: 4
            healthy_threshold: 5
            http_health_check:
              path: /healthz?verbose
              host: api
              scheme: https
              ca: /etc/ca.pem
              server_name: kubernetes
              insecure_skip_verify: true
              expected_statuses: [{start: 200, end: 300}, {start: 401, end: 402}]
              retriable_statuses: [{start: 500, end: 600}]
          outlier_detection: {}
        - name: other
          endpoints: [other.svc:1]
          upstream_connection_options: {tcp_keepalive: {}}
          outlier_detection:
            consecutive_5xx: 1
            interval: 2s
            base_ejection_time: 3s
            max_ejection_time: 4s
            max_ejection_percent: 50
            always_eject_one_host: true
            successful_active_health_check_uneject_host: false
          circuit_breakers: {thresholds: [{max_connections: 7, max_retries: 0}]}
        - name: third
          endpoints: [third.svc:1]
          upstream_connection_options:
            tcp_keepalive: {keepalive_probes: 1, keepalive_time: 2, keepalive_interval: 3}
        listeners:
        - {name: k8s, address: ":7443", service: web, proxy_header: required}
        - {address: "127.0.0.1:7444", default_service: other, detect_timeout: 1s}
        - address: "127.0.0.1:7445"
          default_service: other
          sni_routes:
          - {server_names: [a.example.com, "*.example.org"], service: web}
          - {server_names: ["*.b.example.org"], service: third}
        access_log:
        - path: /dev/stdout
        - {path: /var/log/x.log, format: "%DURATION%: #x\\n", listeners: [k8s]}
        - {path: /dev/stderr, json_format: {a: "%DURATION%", b: "yes"}}
        """);
  }

  @ParameterizedTest
  @MethodSource("files")
  void whatIsWrittenReadsAsTheSame(String text) {
    Config config = read(text);
    String written = ConfigWriter.write(config);
    assertThat(read(written)).as(written).isEqualTo(config);
    assertThat(ConfigWriter.write(read(written))).isEqualTo(written);
  }

  @Test
  void defaultsAreLeftOut() {
    assertThat(ConfigWriter.write(read("services: [{name: web, endpoints: ['10.0.0.1:80']}]")))
        .isEqualTo(
            """
            peer:
              bind_addr: :6443
              listen_address: :9090
            services:
            - name: web
              endpoints:
              - 10.0.0.1:80
            """);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT5S, 5s",
    "PT0.5S, 500ms",
    "PT90S, 90s",
    "PT2M, 2m",
    "PT48H, 48h",
    "PT0.0000015S, 1500ns",
    "PT0.000002S, 2us"
  })
  void durationsReadAsTheyAreWritten(Duration duration, String text) {
    assertThat(Durations.text(duration)).isEqualTo(text);
    assertThat(Durations.parse(text)).isEqualTo(duration);
  }
}
