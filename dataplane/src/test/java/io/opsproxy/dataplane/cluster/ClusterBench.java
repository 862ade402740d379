package io.opsproxy.dataplane.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.config.model.HealthCheck;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.model.UpstreamPolicy;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.relay.ChannelRelay;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.telemetry.Metrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Clusters with real sockets, and what is needed to connect through them. */
final class ClusterBench implements AutoCloseable {
  private final Relay traffic = new ChannelRelay(2);
  private final Relay watching = new ChannelRelay(1, "watch", traffic.bounds());
  private final Metrics metrics = new Metrics("ns", "node", "pod", "1");
  private final Network network = new Network(traffic, () -> watching, new Resolver());
  private final List<Cluster> clusters = new ArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();

  /** What became of a connect. */
  record Connected(Upstream.Connection connection, Upstream.Failure failure) {}

  /** A check every 50 ms that may take a second, with the seed's thresholds. */
  static HealthCheck check(Optional<HealthCheck.Http> http) {
    Duration interval = Duration.ofMillis(50);
    return new HealthCheck(
        Duration.ofSeconds(1), interval, interval, Duration.ZERO, 3, 2, http, http.isEmpty());
  }

  static HealthCheck.Http http(HealthCheck.Scheme scheme) {
    return new HealthCheck.Http(
        "/healthz",
        Optional.empty(),
        List.of(new HealthCheck.StatusRange(200, 299)),
        List.of(),
        scheme,
        Optional.empty(),
        Optional.empty(),
        false);
  }

  static UpstreamPolicy policy(HealthCheck... checks) {
    UpstreamPolicy none = UpstreamPolicy.DEFAULT;
    return new UpstreamPolicy(
        List.of(checks),
        none.outlierDetection(),
        none.panicThreshold(),
        none.keepalive(),
        none.proxyProtocol(),
        none.circuitBreaker());
  }

  static ServiceConfig service(UpstreamPolicy policy, int attempts, HostPort... endpoints) {
    List<ServiceConfig.Endpoint> all = new ArrayList<>();
    for (HostPort endpoint : endpoints) {
      all.add(new ServiceConfig.Endpoint(endpoint, 1));
    }
    return new ServiceConfig(
        List.of(HostName.pattern("api").orElseThrow()),
        all,
        ServiceConfig.LbPolicy.ROUND_ROBIN,
        Duration.ofMillis(500),
        attempts,
        policy);
  }

  /** Started. */
  Cluster cluster(UpstreamPolicy policy, HostPort... endpoints) {
    return start(service(policy, 4, endpoints), Optional.empty());
  }

  Cluster start(ServiceConfig config, Optional<Cluster> before) {
    Cluster cluster = new Cluster(config, network, metrics.service("api"), before);
    clusters.add(cluster);
    before.ifPresent(Cluster::close);
    cluster.start();
    return cluster;
  }

  CompletableFuture<Connected> begin(Cluster cluster, Optional<ClientAddress> client) {
    CompletableFuture<Connected> answer = new CompletableFuture<>();
    List<EventExecutor> loops = traffic.loops();
    EventExecutor loop = loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
    Upstream.Listener listener =
        new Upstream.Listener() {
          @Override
          public void connected(Upstream.Connection connection) {
            answer.complete(new Connected(connection, null));
          }

          @Override
          public void failed(Upstream.Failure failure) {
            answer.complete(new Connected(null, failure));
          }
        };
    loop.execute(() -> cluster.named(metrics.name("api")).connect(loop, client, listener));
    return answer;
  }

  Connected connect(Cluster cluster) throws Exception {
    return begin(cluster, Optional.empty()).get(20, TimeUnit.SECONDS);
  }

  Upstream.Connection connected(Cluster cluster) throws Exception {
    Connected answer = connect(cluster);
    assertThat(answer.failure()).isNull();
    return answer.connection();
  }

  Upstream.Failure failure(Cluster cluster) throws Exception {
    Connected answer = connect(cluster);
    assertThat(answer.failure()).as("a failure").isNotNull();
    return answer.failure();
  }

  static void release(Upstream.Connection connection) {
    connection.stream()
        .loop()
        .execute(
            () -> {
              connection.stream().close();
              connection.released();
            });
  }

  /** Connects, and gives up before there is an answer. */
  void connectAndCancel(Cluster cluster) throws Exception {
    EventExecutor loop = traffic.loops().get(0);
    Upstream.Listener nobody =
        new Upstream.Listener() {
          @Override
          public void connected(Upstream.Connection connection) {
            throw new AssertionError("it was given up");
          }

          @Override
          public void failed(Upstream.Failure failure) {
            throw new AssertionError("it was given up: " + failure);
          }
        };
    Upstream upstream = cluster.named(metrics.name("api"));
    loop.submit(() -> upstream.connect(loop, Optional.empty(), nobody).cancel()).get();
    eventually(() -> traffic.openStreams() == 0);
  }

  /** What was to be done on the watching loop is done. */
  void settle() throws Exception {
    watching.loops().get(0).submit(() -> {}).get(20, TimeUnit.SECONDS);
  }

  static void eventually(BooleanSupplier condition) {
    await()
        .atMost(20, TimeUnit.SECONDS)
        .pollInterval(Duration.ofMillis(5))
        .until(condition::getAsBoolean);
  }

  String scraped(String prefix) {
    return metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith(prefix))
        .findFirst()
        .orElse("none");
  }

  /** Everything ends, and nothing is left open. */
  @Override
  public void close() {
    clusters.forEach(Cluster::close);
    eventually(() -> watching.openStreams() == 0);
    traffic.close();
    watching.close();
  }
}
