package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.AccessSettings;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.LimitSettings;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.model.LogSettings;
import io.opsproxy.dataplane.config.model.PeerSettings;
import io.opsproxy.dataplane.config.model.ProxySettings;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.Cidr;
import io.opsproxy.dataplane.config.value.ConnectRule;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whole files, as users write them. */
class ConfigLoaderTest {
  @Test
  void anEmptyWorldGivesTheDefaultsOfTheSeed() {
    Config config = Loading.nothing().variable("POD_NAME", "pod-1").config();
    PeerSettings peer = config.peer();
    assertThat(peer.name()).isEqualTo("pod-1");
    assertThat(peer.bindAddress()).isEqualTo(new BindAddress("", 6443));
    assertThat(peer.metricsAddress()).isEqualTo(new BindAddress("", 9090));
    assertThat(peer.telemetryPath()).isEqualTo("/metrics");
    assertThat(peer.advertisedAddress().port()).isEqualTo(6443);
    assertThat(peer.remotePeers()).isEmpty();
    assertThat(peer.connectionTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(peer.registrationReadTimeout()).isEqualTo(Duration.ofMinutes(3));
    assertThat(peer.reconnectInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(peer.maxReconnect()).isZero();
    assertThat(peer.heartbeatInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(peer.drainDelay()).isEqualTo(Duration.ZERO);
    assertThat(peer.drainTimeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.log())
        .isEqualTo(new LogSettings(LogSettings.Level.INFO, LogSettings.Format.TEXT));
    assertThat(config.proxy())
        .isEqualTo(
            new ProxySettings(
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                0,
                ProxySettings.RelayChoice.AUTO));
    assertThat(config.services()).isEmpty();
    assertThat(config.listeners())
        .containsExactly(
            new ListenerConfig(
                "peer",
                new BindAddress("", 6443),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(3)));
    assertThat(config.access()).isEqualTo(new AccessSettings(List.of(), List.of()));
    assertThat(config.mesh().legacyPeers()).isEmpty();
    assertThat(config.limits()).isEqualTo(new LimitSettings(0, 0, 0, 4096, 1024, 1024, 256, 0));
  }

  @Test
  void theSampleFileOfTheSeedIsReadWithoutAWord() {
    Loading seed =
        Loading.yaml(
            "peer:",
            "  # Listening configuration",
            "  bind_addr: \":6443\"                    # Address to listen for peer connections",
            "  listen_address: \":9090\"               # Metrics listener address",
            "  telemetry_path: \"/metrics\"            # Metrics path",
            "  connection_timeout: 5",
            "  registration_read_timeout: 180",
            "  ",
            "  # Connection configuration",
            "  remote_peer_addr: \"\"",
            "  service_addr: \"\"",
            "  peer_name: \"\"",
            "  reconnect_interval: 5",
            "  max_reconnect: 0",
            "  heartbeat_interval: 30",
            "log:",
            "  level: \"info\"                       # 日志级别：debug, info, warn, error",
            "  format: \"text\"",
            "proxy:",
            "  dial_timeout: 30",
            "  read_timeout: 30");
    assertThat(seed.problems()).isEmpty();
    assertThat(seed.variable("POD_NAME", "x").config())
        .isEqualTo(Loading.nothing().variable("POD_NAME", "x").config());
  }

  @Test
  void theLongFormIsRead() {
    Config config =
        Loading.yaml(
                "peer: {service_addr: 'web:127.0.0.1:8081,example.com:6443'}",
                "services:",
                "  - name: api.example.com",
                "    endpoints: [{address: 10.0.0.1:6443, weight: 2}, {address: 10.0.0.2:6443}]",
                "    lb_policy: LEAST_REQUEST",
                "    connect: {timeout: 5s, attempts: 2}",
                "  - names: ['*.Example.org', bücher.example.]",
                "    endpoints:",
                "      - 10.0.0.3:80",
                "      - '[fd00::1]:80'",
                "listeners:",
                "  - {name: k8s, address: ':7443', service: api.example.com, detect: off}",
                "  - {address: '127.0.0.1:8443', default_service: web, detect_timeout: 500ms}",
                "access:",
                "  connect: ['db.internal:5432', '10.0.0.0/8:*']",
                "  trusted_proxies: [192.0.2.0/24]",
                "mesh: {legacy_peers: []}",
                "limits: {max_connections: 10, max_sniffing: 0}",
                "proxy: {default_service: web, detect_timeout: 1, threads: 2}")
            .config();
    assertThat(config.services())
        .containsExactly(
            new ServiceConfig(
                List.of(new HostName("api.example.com")),
                List.of(
                    new ServiceConfig.Endpoint(new HostPort("10.0.0.1", 6443), 2),
                    new ServiceConfig.Endpoint(new HostPort("10.0.0.2", 6443), 1)),
                ServiceConfig.LbPolicy.LEAST_REQUEST,
                Duration.ofSeconds(5),
                2),
            new ServiceConfig(
                List.of(new HostName("*.example.org"), new HostName("xn--bcher-kva.example")),
                List.of(
                    new ServiceConfig.Endpoint(new HostPort("10.0.0.3", 80), 1),
                    new ServiceConfig.Endpoint(new HostPort("fd00::1", 80), 1)),
                ServiceConfig.LbPolicy.ROUND_ROBIN,
                Duration.ofSeconds(30),
                4),
            shortForm("web", "127.0.0.1", 8081),
            shortForm("example.com", "example.com", 6443));
    Optional<HostName> web = Optional.of(new HostName("web"));
    assertThat(config.listeners())
        .containsExactly(
            new ListenerConfig(
                "peer", BindAddress.parse(":6443"), Optional.empty(), web, Duration.ofSeconds(1)),
            new ListenerConfig(
                "k8s",
                BindAddress.parse(":7443"),
                Optional.of(new HostName("api.example.com")),
                Optional.empty(),
                Duration.ofSeconds(3)),
            new ListenerConfig(
                "127.0.0.1:8443",
                BindAddress.parse("127.0.0.1:8443"),
                Optional.empty(),
                web,
                Duration.ofMillis(500)));
    assertThat(config.access().connect())
        .containsExactly(ConnectRule.parse("db.internal:5432"), ConnectRule.parse("10.0.0.0/8:*"));
    assertThat(config.access().trustedProxies()).containsExactly(Cidr.parse("192.0.2.0/24"));
    assertThat(config.mesh().legacyPeers()).contains(List.of());
    assertThat(config.limits()).isEqualTo(new LimitSettings(10, 0, 0, 0, 1024, 1024, 256, 0));
    assertThat(config.proxy().threads()).isEqualTo(2);
  }

  static ServiceConfig shortForm(String name, String host, int port) {
    return new ServiceConfig(
        List.of(new HostName(name)),
        List.of(new ServiceConfig.Endpoint(new HostPort(host, port), 1)),
        ServiceConfig.LbPolicy.ROUND_ROBIN,
        Duration.ofSeconds(30),
        4);
  }

  @Test
  void whatTheLongFormDoesNotSayComesFromTheProxySection() {
    Config config =
        Loading.yaml("services: [{name: a, endpoints: ['b:1']}]", "peer: {service_addr: 'c:2'}")
            .variable("PROXY_DIAL_TIMEOUT_SECONDS", "7")
            .config();
    assertThat(config.services())
        .extracting(ServiceConfig::connectTimeout)
        .containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
  }
}
