package io.opsproxy.dataplane.cluster;

import static io.opsproxy.dataplane.cluster.ClusterBench.check;
import static io.opsproxy.dataplane.cluster.ClusterBench.eventually;
import static io.opsproxy.dataplane.cluster.ClusterBench.policy;
import static io.opsproxy.dataplane.cluster.ClusterBench.release;
import static io.opsproxy.dataplane.cluster.ClusterBench.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.HealthCheck.Scheme;
import io.opsproxy.dataplane.config.model.OutlierDetection;
import io.opsproxy.dataplane.config.model.UpstreamPolicy;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.CircuitBreaker;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.ProxyProtocol;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.relay.FullBacklog;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections through clusters whose endpoints are real sockets. */
final class ClusterTest {
  private final ClusterBench bench = new ClusterBench();
  private final List<Backend> backends = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    for (int i = 0; i < 3; i++) {
      backends.add(new Backend());
    }
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
    for (Backend backend : backends) {
      backend.close();
    }
  }

  private HostPort[] addresses(int count) {
    return backends.subList(0, count).stream().map(Backend::address).toArray(HostPort[]::new);
  }

  private static Optional<OutlierDetection> outliers(int failures, int maxPercent) {
    Duration time = Duration.ofMillis(200);
    return Optional.of(
        new OutlierDetection(failures, time, time, Duration.ofMinutes(5), maxPercent, false, true));
  }

  /**
   * The promise of balancing: of three endpoints one dies and comes back, again and again, and no
   * client that connects meanwhile sees an error.
   */
  @Test
  void noConnectFailsWhileOneOfThreeEndpointsDiesAndReturns() throws Exception {
    UpstreamPolicy policy =
        new UpstreamPolicy(
            List.of(check(Optional.empty())),
            outliers(5, 50),
            50,
            Optional.empty(),
            Optional.empty(),
            CircuitBreaker.DEFAULT);
    Cluster cluster = bench.cluster(policy, addresses(3));
    Endpoint dying = cluster.endpoints().get(0);
    AtomicBoolean over = new AtomicBoolean();
    List<Upstream.Failure> failures = new ArrayList<>();
    List<Long> count = new ArrayList<>();
    Thread load =
        new Thread(
            () -> {
              long connects = 0;
              while (!over.get() && failures.isEmpty()) {
                try {
                  ClusterBench.Connected answer = bench.connect(cluster);
                  connects++;
                  if (answer.failure() != null) {
                    failures.add(answer.failure());
                  } else {
                    release(answer.connection());
                  }
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }
              count.add(connects);
            },
            "load");
    load.start();
    for (int round = 0; round < 4; round++) {
      eventually(() -> !dying.failedActiveCheck() && !dying.isPending());
      backends.get(0).kill();
      eventually(dying::failedActiveCheck);
      backends.get(0).restart();
    }
    over.set(true);
    load.join(TimeUnit.SECONDS.toMillis(20));
    assertThat(failures).isEmpty();
    assertThat(count.get(0)).isGreaterThan(100);
    assertThat(cluster.stats().retries()).isPositive();
    assertThat(bench.scraped("ops_proxy_connect_retries_total{")).contains("service=\"api\"");
    eventually(() -> cluster.endpoints().stream().allMatch(e -> e.stats().active() == 0));
  }

  @Test
  void aRefusedConnectGoesToTheNextEndpoint() throws Exception {
    backends.get(0).kill();
    backends.get(1).kill();
    Cluster cluster = bench.cluster(UpstreamPolicy.DEFAULT, addresses(3));
    for (int i = 0; i < 6; i++) {
      Upstream.Connection connection = bench.connected(cluster);
      assertThat(connection.description()).isEqualTo("endpoint " + backends.get(2).address());
      release(connection);
    }
    assertThat(cluster.endpoints().get(0).isHealthy()).isFalse();
    EndpointStats dead = cluster.endpoints().get(0).stats();
    assertThat(dead.connectFails()).isPositive().isEqualTo(dead.connects());
    assertThat(dead.timeouts()).isZero();
    assertThat(cluster.endpoints().get(2).stats().connected()).isEqualTo(6);
  }

  /** The kernel answers no SYN for a socket whose backlog is full. */
  @Test
  void aConnectWithoutAnAnswerGoesToTheNextEndpoint() throws Exception {
    try (FullBacklog full = new FullBacklog()) {
      HostPort address = new HostPort("127.0.0.1", full.address().getPort());
      Cluster cluster = bench.cluster(UpstreamPolicy.DEFAULT, address, backends.get(0).address());
      release(bench.connected(cluster));
      release(bench.connected(cluster));
      assertThat(cluster.endpoints().get(0).stats().timeouts()).isEqualTo(1);
      assertThat(cluster.endpoints().get(1).stats().connected()).isEqualTo(2);
    }
  }

  @Test
  void attemptsAreBounded() throws Exception {
    for (Backend backend : backends) {
      backend.kill();
    }
    Cluster cluster =
        bench.start(service(UpstreamPolicy.DEFAULT, 2, addresses(3)), Optional.empty());
    assertThat(bench.failure(cluster).reason()).isEqualTo(ErrorReason.BACKEND_DIAL_ERROR);
    long dials = cluster.endpoints().stream().mapToLong(e -> e.stats().connects()).sum();
    assertThat(dials).isEqualTo(2);
  }

  @Test
  void failedConnectsEjectAndTimeBringsBack() throws Exception {
    backends.get(0).kill();
    Cluster cluster =
        bench.cluster(
            new UpstreamPolicy(
                List.of(),
                outliers(5, 50),
                50,
                Optional.empty(),
                Optional.empty(),
                CircuitBreaker.DEFAULT),
            addresses(2));
    Endpoint dead = cluster.endpoints().get(0);
    for (int i = 0; i < 10 && !dead.failedOutlierCheck(); i++) {
      release(bench.connected(cluster));
      bench.settle();
    }
    assertThat(dead.failedOutlierCheck()).isTrue();
    assertThat(dead.isHealthy()).isFalse();
    assertThat(cluster.stats().ejections()).isEqualTo(1);
    assertThat(cluster.stats().ejected()).isEqualTo(1);
    assertThat(bench.scraped("ops_proxy_outlier_ejections_total{")).endsWith(" 1.0");
    eventually(() -> !dead.failedOutlierCheck());
    assertThat(cluster.stats().ejected()).isZero();
  }

  @Test
  void withoutPanicAClusterWithNoHealthyEndpointSaysSo() throws Exception {
    backends.get(0).kill();
    backends.get(1).kill();
    UpstreamPolicy checked = policy(check(Optional.empty()));
    UpstreamPolicy neverPanic =
        new UpstreamPolicy(
            checked.healthChecks(),
            Optional.empty(),
            0,
            Optional.empty(),
            Optional.empty(),
            CircuitBreaker.DEFAULT);
    Cluster cluster = bench.cluster(neverPanic, addresses(2));
    eventually(() -> cluster.stats().eligible() == 0);
    Upstream.Failure failure = bench.failure(cluster);
    assertThat(failure.reason()).isEqualTo(ErrorReason.NO_HEALTHY_ENDPOINT);
    assertThat(failure.message()).isEqualTo("none of the 2 endpoints of api is healthy");
    assertThat(cluster.stats().noneHealthy()).isEqualTo(1);
    assertThat(cluster.stats().inPanic()).isFalse();
  }

  @Test
  void panicTriesWhatIsLeft() throws Exception {
    backends.get(0).status(500);
    backends.get(1).status(500);
    backends.get(2).status(500);
    Cluster cluster =
        bench.cluster(policy(check(Optional.of(ClusterBench.http(Scheme.HTTP)))), addresses(3));
    eventually(() -> cluster.stats().eligible() == 0);
    assertThat(cluster.stats().inPanic()).isTrue();
    release(bench.connected(cluster));
    assertThat(cluster.stats().panicPicks()).isEqualTo(1);
    assertThat(bench.scraped("ops_proxy_lb_panic_total{")).endsWith(" 1.0");
  }

  @Test
  void theEndpointIsToldOfTheClientFirst() throws Exception {
    UpstreamPolicy policy =
        new UpstreamPolicy(
            List.of(check(Optional.of(ClusterBench.http(Scheme.HTTP)))),
            Optional.empty(),
            50,
            Optional.empty(),
            Optional.of(ProxyProtocol.V1),
            CircuitBreaker.DEFAULT);
    Cluster cluster = bench.cluster(policy, backends.get(0).address());
    ClientAddress client =
        new ClientAddress(
            new InetSocketAddress("192.0.2.7", 1234), new InetSocketAddress("192.0.2.8", 6443));
    Upstream.Connection connection =
        bench.begin(cluster, Optional.of(client)).get(20, TimeUnit.SECONDS).connection();
    byte[] rest = "hello\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    connection.stream().loop().execute(() -> connection.stream().write(rest, 0, rest.length));
    eventually(
        () ->
            backends
                .get(0)
                .heads()
                .contains("PROXY TCP4 192.0.2.7 192.0.2.8 1234 6443\r\nhello\r\n\r\n"));
    // and a check says that it is nobody's
    eventually(
        () ->
            backends.get(0).heads().stream()
                .anyMatch(head -> head.startsWith("PROXY UNKNOWN\r\nGET /healthz")));
    release(connection);
  }
}
