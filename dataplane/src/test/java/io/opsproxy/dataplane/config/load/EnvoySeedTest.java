package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.HealthCheck;
import io.opsproxy.dataplane.config.model.HealthCheck.Http;
import io.opsproxy.dataplane.config.model.HealthCheck.Scheme;
import io.opsproxy.dataplane.config.model.HealthCheck.StatusRange;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.model.OutlierDetection;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.model.ServiceConfig.Endpoint;
import io.opsproxy.dataplane.config.model.ServiceConfig.LbPolicy;
import io.opsproxy.dataplane.config.model.UpstreamPolicy;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.CircuitBreaker;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.TcpKeepalive;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of the seed, as they are. */
class EnvoySeedTest {
  private static final UpstreamPolicy POLICY =
      new UpstreamPolicy(
          List.of(
              new HealthCheck(
                  Duration.ofSeconds(3),
                  Duration.ofSeconds(10),
                  Duration.ofSeconds(10),
                  Duration.ZERO,
                  3,
                  2,
                  Optional.of(
                      new Http(
                          "/healthz",
                          Optional.empty(),
                          List.of(new StatusRange(200, 299)),
                          List.of(),
                          Scheme.AUTO,
                          Optional.empty(),
                          Optional.empty(),
                          true)),
                  true)),
          Optional.of(
              new OutlierDetection(
                  5,
                  Duration.ofSeconds(10),
                  Duration.ofSeconds(30),
                  Duration.ofMinutes(5),
                  50,
                  false,
                  true)),
          50,
          Optional.of(new TcpKeepalive(3, 300, 10)),
          Optional.empty(),
          CircuitBreaker.DEFAULT);

  @TempDir Path directory;
  private EnvoyFiles files;

  @BeforeEach
  void copy() throws IOException {
    files = new EnvoyFiles(directory);
  }

  @Test
  void becomeTheModelThatThePeersOwnFileHas() {
    Config config = files.config();
    assertThat(config.services())
        .containsExactly(
            service("k8s_cluster1", "192.0.2.19", "192.0.2.20"),
            service("k8s_cluster2", "192.0.2.21"));
    assertThat(config.listeners())
        .containsExactly(listener("k8s_cluster1", 6443), listener("k8s_cluster2", 6444));
    assertThat(config.admin().address()).hasValue(new BindAddress("0.0.0.0", 10000));
    assertThat(config.accessLogs())
        .singleElement()
        .satisfies(
            log -> {
              assertThat(log.path()).isEqualTo(Path.of("/var/log/envoy/access.log"));
              assertThat(log.format()).startsWith("[%START_TIME%] %REQ(:METHOD)%").endsWith("%\n");
              assertThat(log.jsonFormat()).isEmpty();
              assertThat(log.listeners()).containsExactly("k8s_cluster1", "k8s_cluster2");
            });
    assertThat(config.proxy().idleTimeout()).isEqualTo(Duration.ofHours(1));
    assertThat(config.peer().remotePeers()).isEmpty();
  }

  private static ServiceConfig service(String name, String... hosts) {
    return new ServiceConfig(
        List.of(new HostName(name)),
        Arrays.stream(hosts).map(host -> new Endpoint(new HostPort(host, 6443), 1)).toList(),
        LbPolicy.ROUND_ROBIN,
        Duration.ofSeconds(5),
        4,
        POLICY);
  }

  private static ListenerConfig listener(String name, int port) {
    return new ListenerConfig(
        name,
        new BindAddress("0.0.0.0", port),
        Optional.of(new HostName(name)),
        Optional.empty(),
        Duration.ofSeconds(3));
  }

  @Test
  void haveOneWarningForEachThingThatEnvoyWouldNotDo() {
    String http =
        "would be plain text in Envoy, which a TLS port refuses; here the check finds out whether"
            + " the endpoint speaks TLS and does not verify its certificate; add scheme: https and"
            + " ca: FILE to verify it, or scheme: http";
    assertThat(files.problems())
        .hasSize(12)
        .filteredOn(
            problem -> !problem.contains("k8s_cluster2") && !problem.contains("resources[1]"))
        .containsExactly(
            "warning: lds.yaml:20:"
                + " resources[0].filter_chains[0].filters[0].typed_config.access_log[0].typed_config.format:"
                + " access log operators of HTTP appear as - for TCP connections: REQ, PROTOCOL,"
                + " RESP; leave them, or remove them from the format",
            "warning: cds.yaml:16: resources[0].health_checks[0].http_health_check: cluster"
                + " \"k8s_cluster1\" health check "
                + http,
            "warning: cds.yaml:20:"
                + " resources[0].health_checks[0].http_health_check.expected_statuses[0].end:"
                + " cluster \"k8s_cluster1\" health check expected_statuses 200 to 299: 299 not"
                + " included, as in Envoy; write end: 300 to include it",
            "warning: cds.yaml:21: resources[0].health_checks[0].tcp_health_check: cluster"
                + " \"k8s_cluster1\" health check has both http_health_check and"
                + " tcp_health_check, of which Envoy takes only one; here both must pass; for"
                + " Envoy, write two items under health_checks",
            "warning: cds.yaml:26: resources[0].outlier_detection.min_health_percent: cluster"
                + " \"k8s_cluster1\" outlier_detection min_health_percent is a field of Istio, not"
                + " of Envoy; it is taken as healthy_panic_threshold: 50, below which all endpoints"
                + " are used; write healthy_panic_threshold",
            "warning: cds.yaml:27: resources[0].retry_policy: cluster \"k8s_cluster1\" retry_policy"
                + " is for HTTP routes, and Envoy refuses it here; it is taken as 4 attempts to"
                + " connect, each on another endpoint and of at most 5 s; nothing else in it has an"
                + " effect; for Envoy, write max_connect_attempts: 4 in the TcpProxy");
  }

  @Test
  void areHashedInTheOrderInWhichTheyAreNamed() throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String name : EnvoyFiles.NAMES) {
      Files.copy(files.path(name), all);
    }
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.toByteArray());
    LoadResult result = files.load();
    assertThat(result.hash()).isEqualTo(HexFormat.of().formatHex(digest));
    assertThat(result.files())
        .containsExactlyElementsOf(EnvoyFiles.NAMES.stream().map(files::path).toList());
    assertThat(result.source()).isEqualTo(files.path("envoy.yaml").toString());
  }

  @Test
  void areFoundFromAnotherDirectory() throws IOException {
    // As when the program is started elsewhere: the bootstrap is given by a relative path.
    Path here = Path.of("").toAbsolutePath();
    Path given = here.relativize(files.path("envoy.yaml").toAbsolutePath());
    LoadResult result = new ConfigLoader(Optional.of(given), Map.of(), Map.of()).load();
    assertThat(result.config()).isPresent();
    assertThat(result.files()).allSatisfy(file -> assertThat(file).isRelative().exists());
    // Files further down are relative to the one that names them, not to the bootstrap.
    Path below = Files.createDirectory(directory.resolve("below"));
    for (String name : List.of("cds.yaml", "eds_cluster1.yaml", "eds_cluster2.yaml")) {
      Files.move(files.path(name), below.resolve(name));
    }
    files.replace("envoy.yaml", "./cds.yaml", "below/cds.yaml");
    assertThat(files.config().services()).hasSize(2);
    assertThat(files.load().files()).contains(below.resolve("eds_cluster2.yaml"));
  }

  @Test
  void ignoreWhatIsForPeers() {
    Config config =
        files
            .variable("PEER_BIND_ADDR", "0.0.0.0:6443")
            .variable("REMOTE_PEER_ADDR", "192.0.2.1:6443")
            .variable("SERVICE_ADDR", "a:b:1")
            .variable("PROXY_IDLE_TIMEOUT_SECONDS", "7")
            .variable("PEER_LISTEN_ADDRESS", "127.0.0.1:9999")
            .config();
    assertThat(config.listeners()).hasSize(2);
    assertThat(config.services()).hasSize(2);
    assertThat(config.peer().remotePeers()).isEmpty();
    assertThat(config.peer().metricsAddress()).isEqualTo(new BindAddress("127.0.0.1", 9999));
    assertThat(config.proxy().idleTimeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(files.problems()).hasSize(12);
  }
}
