package io.opsproxy.dataplane.envoy;

import static io.opsproxy.dataplane.envoy.EnvoyPeer.awaiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.PrivateCa;
import io.opsproxy.dataplane.testing.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * API servers that fail as processes do, with certificates of a private CA that the checks verify,
 * while short connections come without a pause.
 */
class ApiServerFailureTest {
  private static final int BACKLOG = 100;
  @TempDir private static Path shared;
  @TempDir private Path directory;
  private static PrivateCa ca;
  private static Tls tls;
  private SeedFiles files;
  private final List<ApiServerProcess> servers = new ArrayList<>();
  private ApiServerProcess one;
  private ApiServerProcess two;
  private EnvoyPeer peer;

  @BeforeAll
  static void certificates() {
    ca = new PrivateCa(shared, ApiServer.NAME);
    tls = ca.tls();
  }

  @BeforeEach
  void copy() throws IOException {
    files = new SeedFiles(Files.createDirectory(directory.resolve("envoy")));
    files.local(0, 0, 0).impatient();
    files.replace(
        "cds.yaml",
        "path: \"/healthz\"",
        "path: /healthz\n      scheme: https\n      ca: "
            + ca.pem()
            + "\n      server_name: "
            + ApiServer.NAME);
  }

  @AfterEach
  void close() {
    if (peer != null) {
      peer.close();
    }
    servers.forEach(ApiServerProcess::close);
  }

  private ApiServerProcess server(String body, int backlog) {
    ApiServerProcess server = new ApiServerProcess(ca, body, backlog);
    servers.add(server);
    return server;
  }

  private void start(int backlogOfOne) {
    one = server("one", backlogOfOne);
    two = server("two", BACKLOG);
    start();
  }

  private void start() {
    int[] ports = servers.stream().mapToInt(ApiServerProcess::port).toArray();
    files.endpoints(1, ports).endpoints(2, ports[0]);
    peer = new EnvoyPeer(files);
    servers.forEach(this::awaitHealthy);
  }

  private ShortConnections load() {
    return new ShortConnections(peer.listener(1), tls);
  }

  private void awaitHealthy(ApiServerProcess server) {
    awaiting("it is healthy", () -> peer.flags(server.port()).equals("healthy"));
  }

  private void awaitFailedCheck(ApiServerProcess server) {
    awaiting("it is out", () -> peer.flags(server.port()).contains("/failed_active_hc"));
  }

  private void assertServes(ApiServerProcess server, ShortConnections load) {
    long before = connections(server);
    load.awaitMore();
    assertThat(connections(server)).isGreaterThan(before);
  }

  private long connections(ApiServerProcess server) {
    return Long.parseLong(peer.stat(server.port(), "rq_success"));
  }

  @Test
  void noRequestFailsAfterAServerWasKilled() {
    start(BACKLOG);
    try (ShortConnections load = load()) {
      one.kill();
      long dead = System.nanoTime();
      load.awaitMore();
      awaitFailedCheck(one);
      load.awaitMore();
      one.revive();
      awaitHealthy(one);
      assertServes(one, load);
      load.assertOnlyFailedBefore(dead, 1);
    }
  }

  @Test
  void noRequestFailsAsLongAsOneServerLives() {
    server("three", BACKLOG);
    start(BACKLOG);
    try (ShortConnections load = load()) {
      one.kill();
      two.kill();
      long dead = System.nanoTime();
      load.awaitMore();
      awaitFailedCheck(one);
      awaitFailedCheck(two);
      // panic: all are tried first, and the dead ones passed over
      load.awaitMore();
      load.assertOnlyFailedBefore(dead, 2);
      assertThat(peer.page("/stats?filter=cluster1.lb_healthy_panic")).doesNotContain(": 0\n");
    }
  }

  @Test
  void noRequestFailsWhileAServerRefuses() {
    start(BACKLOG);
    try (ShortConnections load = load()) {
      one.tell("refuse");
      // what waited to be accepted was cut
      long refuses = System.nanoTime();
      load.awaitMore();
      awaitFailedCheck(one);
      one.tell("listen");
      awaitHealthy(one);
      assertServes(one, load);
      load.assertOnlyFailedBefore(refuses, 1);
    }
  }

  /** The spare server gets nothing as long as the others can serve, and all when none can. */
  @Test
  void connectionsGoToTheNextPriorityWhileTheFirstIsDown() {
    one = server("one", BACKLOG);
    two = server("two", BACKLOG);
    files.endpoints(1, one.port()).spare(1, two.port()).endpoints(2, one.port());
    // A server that dies refuses; on a busy machine one that lives may be slow, and is no reason
    // to use the spare.
    files.replace("cds.yaml", "timeout: 1s", "timeout: 4s");
    files.replace("cds.yaml", "connect_timeout: 0.5s", "connect_timeout: 5s");
    peer = new EnvoyPeer(files);
    servers.forEach(this::awaitHealthy);
    assertThat(peer.stat(one.port(), "priority")).isEqualTo("0");
    assertThat(peer.stat(two.port(), "priority")).isEqualTo("1");
    assertThat(peer.page("/config_dump?include_eds").replaceAll("\\s", ""))
        .contains("\"priority\":1");
    try (ShortConnections load = load()) {
      load.awaitMore();
      assertThat(connections(two)).isZero();
      one.kill();
      long dead = System.nanoTime();
      load.awaitMore();
      awaitFailedCheck(one);
      assertServes(two, load);
      one.revive();
      awaitHealthy(one);
      assertServes(one, load);
      long before = connections(two);
      load.awaitMore();
      assertThat(connections(two)).isEqualTo(before);
      load.assertOnlyFailedBefore(dead, 1);
    }
  }

  /**
   * The kernel accepts for a stopped process, so that connecting says nothing: until the checks
   * have found out, connections that it is given wait. They are served when it goes on.
   */
  @Test
  void connectionsOfAStoppedServerWaitUntilItGoesOn() {
    start(BACKLOG);
    try (ShortConnections waiting = load()) {
      one.signal("STOP");
      awaitFailedCheck(one);
      long before = connections(one);
      try (ShortConnections load = load()) {
        load.awaitMore();
        load.assertNoneFailed();
        assertThat(connections(one)).isEqualTo(before);
        one.signal("CONT");
        awaitHealthy(one);
        assertServes(one, load);
        load.assertNoneFailed();
      }
      waiting.awaitMore();
      waiting.assertNoneFailed();
    }
  }

  /** As long as nothing is heard of a stopped server, a client can only wait; then it need not. */
  @Test
  void connectionsOfAStoppedServerAreClosedByItsFailedCheckIfAsked() {
    files.replace(
        "cds.yaml", "lb_policy:", "close_connections_on_host_health_failure: true\n  lb_policy:");
    // On a busy machine the other server may take more than a second for a check, and then its
    // connections would be closed as well.
    files.replace("cds.yaml", "timeout: 1s", "timeout: 4s");
    start(BACKLOG);
    try (ShortConnections load = load()) {
      one.signal("STOP");
      awaitFailedCheck(one);
      long out = System.nanoTime();
      awaiting("none is left", () -> peer.stat(one.port(), "cx_active").equals("0"));
      load.awaitMore();
      load.assertOnlyFailedBefore(out, 1);
      load.assertSomeFailed();
    }
  }

  /** SYNs get no answer: the attempt is given up in time, and another server is asked. */
  @Test
  void noRequestFailsWhileAServerDoesNotAccept() {
    start(1);
    try (ShortConnections load = load()) {
      one.tell("pause");
      load.awaitMore();
      awaitFailedCheck(one);
      load.awaitMore();
      one.tell("resume");
      awaitHealthy(one);
      assertServes(one, load);
      load.assertNoneFailed();
    }
  }
}
