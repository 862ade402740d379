package io.opsproxy.dataplane.cluster;

import static io.opsproxy.dataplane.cluster.ClusterBench.check;
import static io.opsproxy.dataplane.cluster.ClusterBench.eventually;
import static io.opsproxy.dataplane.cluster.ClusterBench.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.HealthCheck;
import io.opsproxy.dataplane.config.model.HealthCheck.Scheme;
import io.opsproxy.dataplane.config.model.HealthCheck.StatusRange;
import io.opsproxy.dataplane.dial.Dialler;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.relay.ChannelRelay;
import io.opsproxy.dataplane.relay.DialOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks of endpoints that are real sockets. */
final class HealthCheckTest {
  @TempDir static Path directory;
  private static SelfSigned certificate;
  private final ClusterBench bench = new ClusterBench();
  private Backend backend;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = SelfSigned.make(directory);
  }

  @BeforeEach
  void startBackend() throws Exception {
    backend = new Backend();
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
    backend.close();
  }

  private static HealthCheck http(Scheme scheme) {
    return check(Optional.of(ClusterBench.http(scheme)));
  }

  private static HealthCheck.Http tls(
      Scheme scheme, Optional<Path> ca, Optional<String> serverName, boolean skipVerify) {
    HealthCheck.Http http = ClusterBench.http(scheme);
    return new HealthCheck.Http(
        http.path(),
        http.host(),
        http.expectedStatuses(),
        http.retriableStatuses(),
        scheme,
        ca,
        serverName,
        skipVerify);
  }

  private Endpoint watched(HealthCheck... checks) {
    return bench.cluster(policy(checks), backend.address()).endpoints().get(0);
  }

  private static void staysHealthy(Endpoint endpoint, Backend backend) {
    int checks = backend.accepted();
    eventually(() -> backend.accepted() > checks + 4 || endpoint.failedActiveCheck());
    assertThat(endpoint.failedActiveCheck()).isFalse();
    assertThat(endpoint.isPending()).isFalse();
  }

  /** Of the certificates that the probes of this test have seen. */
  private final List<Instant> certificateEnds = new CopyOnWriteArrayList<>();

  /** The result of one check, with its words. */
  private CheckResult probe(HealthCheck check) throws Exception {
    try (var relay = new ChannelRelay(1)) {
      var loop = relay.loops().get(0);
      CompletableFuture<CheckResult> result = new CompletableFuture<>();
      Dialler dialler =
          new Dialler(
              relay, new Resolver(), Resolver.Names.CONFIGURED, check.timeout(), DialOptions.NONE);
      HttpProbe probe =
          new HttpProbe(
              dialler,
              new Endpoint(backend.address(), 1),
              loop,
              check,
              new byte[0],
              certificateEnds::add);
      loop.execute(() -> probe.begin(result::complete));
      return result.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void anEndpointThatIsKilledAndComesBackIsNoticed() throws Exception {
    Endpoint endpoint = watched(check(Optional.empty()));
    staysHealthy(endpoint, backend);
    backend.kill();
    eventually(endpoint::failedActiveCheck);
    assertThat(endpoint.isHealthy()).isFalse();
    backend.restart();
    eventually(() -> !endpoint.failedActiveCheck());
    assertThat(endpoint.isHealthy()).isTrue();
    assertThat(bench.scraped("ops_proxy_endpoint_healthy{")).endsWith(" 1.0");
    assertThat(bench.scraped("ops_proxy_endpoint_checks_failed_total{"))
        .contains("endpoint=\"" + backend.address() + "\"", "service=\"api\"")
        .doesNotEndWith(" 0.0");
  }

  /** A process that is stopped: the kernel goes on accepting for it. */
  @Test
  void anEndpointThatAcceptsAndIsSilentFailsAnHttpCheckOnly() throws Exception {
    backend.silent(true);
    Endpoint tcp = watched(check(Optional.empty()));
    Endpoint http = watched(http(Scheme.AUTO));
    eventually(http::failedActiveCheck);
    assertThat(tcp.failedActiveCheck()).isFalse();
    backend.silent(false);
    eventually(() -> !http.failedActiveCheck());
  }

  @Test
  void aStatusThatIsNotExpectedFailsAtOnce() throws Exception {
    Endpoint endpoint = watched(http(Scheme.HTTP));
    staysHealthy(endpoint, backend);
    backend.status(500);
    eventually(endpoint::failedActiveCheck);
    backend.status(298);
    eventually(() -> !endpoint.failedActiveCheck());
  }

  @Test
  void theEndOfARangeDoesNotBelongToIt() throws Exception {
    assertThat(probe(http(Scheme.HTTP)).kind()).isEqualTo(CheckResult.Kind.PASSED);
    backend.status(299);
    assertThat(probe(http(Scheme.HTTP)).kind()).isEqualTo(CheckResult.Kind.UNHEALTHY);
  }

  @Test
  void statusesMeanWhatTheyAreConfiguredTo() {
    HealthCheck.Http http =
        new HealthCheck.Http(
            "/readyz",
            Optional.empty(),
            List.of(new StatusRange(200, 201), new StatusRange(401, 402)),
            List.of(new StatusRange(400, 600)),
            Scheme.HTTPS,
            Optional.empty(),
            Optional.empty(),
            false);
    HttpStatuses statuses = new HttpStatuses(http);
    assertThat(statuses.judge(Scheme.HTTPS, 200))
        .isEqualTo(new CheckResult(CheckResult.Kind.PASSED, "GET /readyz over TLS: status 200"));
    assertThat(statuses.judge(Scheme.HTTPS, 401).kind()).isEqualTo(CheckResult.Kind.PASSED);
    assertThat(statuses.judge(Scheme.HTTPS, 503).kind()).isEqualTo(CheckResult.Kind.RETRIABLE);
    assertThat(statuses.judge(Scheme.HTTP, 302).kind()).isEqualTo(CheckResult.Kind.UNHEALTHY);
    assertThat(statuses.judge(Scheme.HTTP, 403).why())
        .startsWith("GET /readyz: status 403 (")
        .contains("anonymous", "add 403 to expected_statuses");
  }

  @Test
  void autoFindsTlsWithACertificateThatNobodyVouchesFor() throws Exception {
    backend.tls(certificate.server());
    Endpoint endpoint = watched(http(Scheme.AUTO));
    staysHealthy(endpoint, backend);
    // once TLS is found, a check costs one connection
    assertThat(backend.heads()).hasSizeGreaterThan(3).allMatch(head -> head.startsWith("GET"));
    assertThat(backend.most()).isEqualTo(1);
  }

  @Test
  void autoFindsPlainHttpBehindAServerThatWaitsForALine() throws Exception {
    Endpoint endpoint = watched(http(Scheme.AUTO));
    eventually(() -> !endpoint.isPending());
    staysHealthy(endpoint, backend);
    assertThat(backend.heads()).anyMatch(head -> head.startsWith("GET /healthz HTTP/1.1\r\n"));
  }

  @Test
  void autoNoticesThatAnEndpointChangedItsMind() throws Exception {
    Endpoint endpoint = watched(http(Scheme.AUTO));
    eventually(() -> !endpoint.isPending());
    backend.tls(certificate.server());
    staysHealthy(endpoint, backend);
    backend.tls(null);
    eventually(() -> backend.heads().get(backend.heads().size() - 1).startsWith("GET"));
    eventually(() -> !endpoint.failedActiveCheck());
  }

  @Test
  void plainHttpOnATlsPortIsUnhealthyWhereItIsAskedFor() throws Exception {
    backend.tls(certificate.server());
    CheckResult result = probe(http(Scheme.HTTP));
    assertThat(result.kind()).isEqualTo(CheckResult.Kind.UNHEALTHY);
    assertThat(result.why()).isEqualTo("GET /healthz: status 400");
  }

  @ParameterizedTest
  @EnumSource(
      value = Scheme.class,
      names = {"AUTO", "HTTPS"})
  void aCaThatIsNamedIsBelieved(Scheme scheme) throws Exception {
    backend.tls(certificate.server());
    Optional<Path> ca = Optional.of(certificate.pem());
    assertThat(probe(check(Optional.of(tls(scheme, ca, Optional.empty(), false)))).passed())
        .isTrue();
    assertThat(probe(check(Optional.of(tls(scheme, ca, Optional.of("api.test"), false)))).passed())
        .isTrue();
    CheckResult other = probe(check(Optional.of(tls(scheme, ca, Optional.of("b.test"), false))));
    assertThat(other.kind()).isEqualTo(CheckResult.Kind.NETWORK);
    assertThat(other.why()).contains("b.test", "server_name", "insecure_skip_verify");
  }

  @Test
  void httpsWithoutACaTrustsWhatTheJvmTrusts() throws Exception {
    backend.tls(certificate.server());
    CheckResult result = probe(http(Scheme.HTTPS));
    assertThat(result.kind()).isEqualTo(CheckResult.Kind.NETWORK);
    assertThat(result.why()).contains("not from a CA", "with ca", "insecure_skip_verify");
    HealthCheck skip =
        check(Optional.of(tls(Scheme.HTTPS, Optional.empty(), Optional.empty(), true)));
    assertThat(probe(skip).passed()).isTrue();
  }

  @Test
  void aCheckOverTlsTellsWhenTheCertificateEnds() throws Exception {
    backend.tls(certificate.server());
    HealthCheck skip =
        check(Optional.of(tls(Scheme.AUTO, Optional.empty(), Optional.empty(), true)));
    Instant end = certificate.end();
    assertThat(probe(skip).passed()).isTrue();
    assertThat(certificateEnds).containsExactly(end);

    Endpoint endpoint = watched(skip);
    staysHealthy(endpoint, backend);
    String series = bench.scraped("ops_proxy_endpoint_certificate_expiry_timestamp_seconds{");
    assertThat(series).contains("endpoint=\"" + backend.address() + "\"", "service=\"api\"");
    assertThat(Double.parseDouble(series.substring(series.lastIndexOf(' '))))
        .isEqualTo(end.getEpochSecond());
  }

  @Test
  void aCaFileThatCannotBeReadIsNamedAndReadOnceItIsThere() throws Exception {
    backend.tls(certificate.server());
    Path later = directory.resolve("later.pem");
    Files.deleteIfExists(later);
    HealthCheck check =
        check(Optional.of(tls(Scheme.AUTO, Optional.of(later), Optional.empty(), false)));
    assertThat(probe(check).why())
        .isEqualTo("TLS cannot be set up: there is no file " + later + " (ca)");
    Endpoint endpoint = watched(check);
    eventually(endpoint::failedActiveCheck);
    Files.copy(certificate.pem(), later);
    eventually(() -> !endpoint.failedActiveCheck());
  }

  @Test
  void checksEndWithTheirCluster() throws Exception {
    Cluster cluster = bench.cluster(policy(http(Scheme.HTTP)), backend.address());
    eventually(() -> backend.accepted() > 3);
    cluster.close();
    bench.settle();
    int checks = backend.accepted();
    TimeUnit.MILLISECONDS.sleep(300);
    assertThat(backend.accepted()).isEqualTo(checks);
  }

  @Test
  void aReloadKeepsWhatIsKnownOfAnEndpoint() throws Exception {
    backend.status(500);
    Cluster old = bench.cluster(policy(http(Scheme.HTTP)), backend.address());
    Endpoint endpoint = old.endpoints().get(0);
    eventually(endpoint::failedActiveCheck);
    try (Backend second = new Backend()) {
      Cluster next =
          bench.start(
              ClusterBench.service(
                  policy(http(Scheme.HTTP)), 4, second.address(), backend.address()),
              Optional.of(old));
      assertThat(next.endpoints().get(1)).isSameAs(endpoint);
      assertThat(next.stats().eligible()).isEqualTo(1);
      eventually(() -> !next.endpoints().get(0).isPending() && second.accepted() > 0);
      assertThat(endpoint.failedActiveCheck()).isTrue();
      Cluster unwatched =
          bench.start(ClusterBench.service(policy(), 4, backend.address()), Optional.of(next));
      assertThat(unwatched.endpoints().get(0).isHealthy()).isTrue();
      assertThat(bench.scraped("ops_proxy_endpoint_healthy{")).isEqualTo("none");
    }
  }
}
