package io.opsproxy.dataplane.cluster;

import static io.opsproxy.dataplane.cluster.ClusterBench.eventually;
import static io.opsproxy.dataplane.cluster.ClusterBench.release;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.UpstreamPolicy;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.CircuitBreaker;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.relay.FullBacklog;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one cluster may take, on real sockets. */
final class CircuitBreakerTest {
  private final ClusterBench bench = new ClusterBench();
  private Backend dead;
  private Backend backend;

  @BeforeEach
  void start() throws Exception {
    dead = new Backend();
    backend = new Backend();
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
    dead.close();
    backend.close();
  }

  private static UpstreamPolicy limits(CircuitBreaker breaker) {
    return new UpstreamPolicy(
        List.of(), Optional.empty(), 50, Optional.empty(), Optional.empty(), breaker);
  }

  @Test
  void connectionsAreBounded() throws Exception {
    int any = Integer.MAX_VALUE;
    Cluster cluster =
        bench.cluster(limits(new CircuitBreaker(2, any, any)), dead.address(), backend.address());
    Upstream.Connection first = bench.connected(cluster);
    bench.connected(cluster);
    Upstream.Failure failure = bench.failure(cluster);
    assertThat(failure.reason()).isEqualTo(ErrorReason.LIMIT);
    assertThat(failure.message()).isEqualTo("circuit breaker: max_connections 2 is reached");
    assertThat(cluster.stats().connectionsOverflow()).isEqualTo(1);
    release(first);
    eventually(() -> cluster.endpoints().stream().mapToInt(e -> e.stats().active()).sum() == 1);
    bench.connected(cluster);
  }

  @Test
  void connectsUnderWayAreBounded() throws Exception {
    Cluster cluster =
        bench.cluster(limits(new CircuitBreaker(9, 0, 9)), dead.address(), backend.address());
    assertThat(bench.failure(cluster).message())
        .isEqualTo("circuit breaker: max_pending 0 is reached");
    assertThat(cluster.stats().pendingOverflow()).isEqualTo(1);
    assertThat(cluster.breaker().connections().taken()).isZero();
  }

  @Test
  void retriesAreBounded() throws Exception {
    dead.kill();
    Cluster cluster =
        bench.cluster(limits(new CircuitBreaker(9, 9, 0)), dead.address(), backend.address());
    List<ErrorReason> reasons = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ClusterBench.Connected answer = bench.connect(cluster);
      if (answer.failure() != null) {
        assertThat(answer.failure().message())
            .startsWith("endpoint " + dead.address() + ": connection refused; ")
            .endsWith("max_retries 0 is reached");
        reasons.add(answer.failure().reason());
      } else {
        release(answer.connection());
      }
    }
    assertThat(reasons).containsExactly(ErrorReason.LIMIT, ErrorReason.LIMIT);
    assertThat(cluster.stats().retriesOverflow()).isEqualTo(2);
    eventually(() -> cluster.breaker().connections().taken() == 0);
    assertThat(cluster.breaker().pending().taken()).isZero();
  }

  @Test
  void aConnectThatIsGivenUpLeavesNothingBehind() throws Exception {
    try (FullBacklog full = new FullBacklog()) {
      Cluster cluster =
          bench.cluster(
              limits(new CircuitBreaker(5, 5, 5)),
              new HostPort("127.0.0.1", full.address().getPort()));
      bench.connectAndCancel(cluster);
      assertThat(cluster.breaker().connections().taken()).isZero();
      assertThat(cluster.breaker().pending().taken()).isZero();
      assertThat(cluster.endpoints().get(0).stats().connects()).isZero();
    }
  }

  @Test
  void aReloadKeepsCountingTheConnectionsOfBefore() throws Exception {
    UpstreamPolicy two = limits(new CircuitBreaker(2, 2, 2));
    Cluster old = bench.cluster(two, backend.address());
    Upstream.Connection before = bench.connected(old);
    Cluster next =
        bench.start(
            ClusterBench.service(two, 4, backend.address(), dead.address()), Optional.of(old));
    bench.connected(next);
    assertThat(bench.failure(next).reason()).isEqualTo(ErrorReason.LIMIT);
    release(before);
    eventually(() -> next.breaker().connections().taken() == 1);
    bench.connected(next);
  }
}
