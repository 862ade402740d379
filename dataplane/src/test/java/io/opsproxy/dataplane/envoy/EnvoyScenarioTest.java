package io.opsproxy.dataplane.envoy;

import static io.opsproxy.dataplane.envoy.EnvoyPeer.awaiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.docs.Json;
import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.PeerProcess;
import io.opsproxy.dataplane.testing.StatusPages;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Tls;
import io.opsproxy.dataplane.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several API servers behind one address, with the files that ran in Envoy. */
class EnvoyScenarioTest {
  private static final String TIME = "\\[\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z\\]";
  @TempDir Path directory;
  private SeedFiles files;
  private Tls tls;
  private ApiServer one;
  private ApiServer two;
  private ApiServer three;
  private EnvoyPeer peer;
  private Process process;

  @BeforeEach
  void copy() throws IOException {
    files = new SeedFiles(Files.createDirectory(directory.resolve("envoy")));
  }

  @AfterEach
  void close() throws InterruptedException {
    if (peer != null) {
      peer.close();
    }
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
    if (tls != null) {
      one.close();
      two.close();
      three.close();
    }
  }

  private void servers() {
    tls = new Tls(directory, ApiServer.NAME);
    one = new ApiServer(tls, "one");
    two = new ApiServer(tls, "two");
    three = new ApiServer(tls, "three");
    files.endpoints(1, one.port(), two.port()).endpoints(2, three.port());
  }

  private void start() {
    servers();
    files.local(0, 0, 0);
    peer = new EnvoyPeer(files);
    awaiting("health", () -> flags(one).equals("healthy") && flags(two).equals("healthy"));
  }

  private String request(int cluster) {
    return ShortConnections.request(peer.listener(cluster), tls);
  }

  private ShortConnections load() {
    return new ShortConnections(peer.listener(1), tls);
  }

  private String page(String path) {
    return peer.page(path);
  }

  private String stat(ApiServer server, String stat) {
    return peer.stat(server.port(), stat);
  }

  private String flags(ApiServer server) {
    return peer.flags(server.port());
  }

  // the files as they are

  @Test
  void theFilesAreValidAsTheyAre() throws Exception {
    process =
        new ProcessBuilder(
                PeerProcess.command("--mode", "validate", "-c", files.bootstrap().toString()))
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(printed).contains("valid, 12 warnings").doesNotContain("error:");
    assertThat(printed.lines().filter(line -> line.startsWith("warning:"))).hasSize(12);
  }

  @Test
  void requestsGoToTheEndpointsOfThePortsCluster() throws IOException {
    start();
    Map<String, Integer> bodies = new HashMap<>();
    for (int i = 0; i < 10; i++) {
      bodies.merge(request(1), 1, Integer::sum);
      assertThat(request(2)).isEqualTo("three");
    }
    assertThat(bodies).isEqualTo(Map.of("one", 5, "two", 5));
    assertThat(stat(one, "cx_total")).isEqualTo("5");
    assertThat(stat(three, "cx_total")).isEqualTo("10");
    assertThat(page("/clusters"))
        .contains("k8s_cluster1::127.0.0.1:" + one.port() + "::health_flags::healthy\n")
        .contains("k8s_cluster2::127.0.0.1:" + three.port() + "::health_flags::healthy\n");
  }

  /** As Istio and others call clusters. */
  @Test
  void namesOfClustersStayAsTheyAreWritten() throws Exception {
    String name = "outbound|6443|V1|Api/k8s:prod";
    for (String file : List.of("cds.yaml", "lds.yaml", "eds_cluster1.yaml")) {
      files.replace(file, "k8s_cluster1", "'" + name + "'");
    }
    files.replace("lds.yaml", "stat_prefix: '" + name + "'", "stat_prefix: x");
    files.replace("lds.yaml", "name: '" + name + "'", "name: k8s_cluster1");
    servers();
    String endpoints = files.read("eds_cluster1.yaml");
    assertThat(endpoints).contains(name);
    files.local(0, 0, 0);
    peer = new EnvoyPeer(files);
    awaiting("health", () -> flags(one).equals("healthy"));
    assertThat(request(1)).isIn("one", "two");
    assertThat(page("/clusters")).contains(name + "::127.0.0.1:" + one.port() + "::cx_total::");
    assertThat(page("/config_dump")).contains("\"cluster\":\"" + name + "\"");
    assertThat(page("/stats"))
        .contains("cluster.outbound|6443|V1|Api/k8s_prod.membership_total: 2\n");
    assertThat(page("/stats?format=prometheus"))
        .contains("envoy_cluster_name=\"outbound|6443|V1|Api/k8s_prod\"");
    assertThat(peer.status().status()).contains("\"name\":\"" + name + "\"");
    assertThat(peer.status().get("/metrics").body()).contains("client_name=\"" + name + "\"");
    assertThat(
            peer.status()
                .get("/why?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
                .body())
        .contains("\"served\":true");
    awaiting("the line", () -> Files.readString(files.accessLog()).contains(name));
  }

  /** The clients of a server that leaves go to the others; those of the others stay. */
  @Test
  void aClientStaysWithItsServerByItsAddress() {
    files.replace("cds.yaml", "lb_policy: ROUND_ROBIN", "lb_policy: MAGLEV");
    for (int cluster = 1; cluster <= 2; cluster++) {
      String name = "        cluster: k8s_cluster" + cluster;
      files.replace("lds.yaml", name, name + "\n        hash_policy: [{source_ip: {}}]");
    }
    start();
    files.endpoints(1, one.port(), two.port(), three.port());
    awaiting("the third", () -> page("/clusters").contains(healthyInFirst(three)));
    Map<String, String> before = new HashMap<>();
    for (int host = 1; host <= 30; host++) {
      String client = "127.0.0." + host;
      before.put(client, requestFrom(client));
      assertThat(requestFrom(client)).isEqualTo(before.get(client));
    }
    assertThat(before.values()).contains("one", "two", "three");
    files.endpoints(1, two.port(), three.port());
    awaiting("the reload", () -> flags(one).isEmpty());
    before.forEach(
        (client, body) ->
            assertThat(requestFrom(client))
                .isIn(body.equals("one") ? List.of("two", "three") : List.of(body)));
  }

  private static String healthyInFirst(ApiServer server) {
    return "k8s_cluster1::127.0.0.1:" + server.port() + "::health_flags::healthy\n";
  }

  private String requestFrom(String client) {
    try (Wire wire = Wire.connect(client, peer.listener(1));
        Wire secured = tls.client(wire, ApiServer.NAME)) {
      return secured.get(ApiServer.NAME).body();
    }
  }

  // admin pages

  @Test
  void adminPagesHaveEnvoysShapes() throws Exception {
    start();
    request(1);
    assertThat(page("/stats"))
        .contains("cluster.k8s_cluster1.upstream_cx_total: 1\n")
        .contains("cluster.k8s_cluster1.membership_healthy: 2\n");
    assertThat(page("/stats?filter=cluster2.membership_healthy").lines())
        .containsExactly("cluster.k8s_cluster2.membership_healthy: 1");
    assertThat(Json.read(page("/stats?format=json"))).asString().contains("upstream_cx_total");
    String listener = "127.0.0.1_" + peer.listener(1).getPort();
    assertThat(page("/stats"))
        .contains("listener." + listener + ".downstream_cx_total: 1\n")
        .containsPattern("cluster.k8s_cluster1.upstream_cx_tx_bytes_total: [1-9]")
        .containsPattern("cluster.k8s_cluster1.health_check.attempt: [1-9]");
    for (String path : List.of("/stats?format=prometheus", "/stats/prometheus")) {
      assertThat(page(path))
          .contains("# TYPE envoy_cluster_upstream_cx_total counter\n")
          .contains("envoy_cluster_upstream_cx_total{envoy_cluster_name=\"k8s_cluster1\"} 1\n")
          .contains(
              "envoy_listener_downstream_cx_total{envoy_listener_address=\"" + listener + "\"} 1\n")
          .contains("# TYPE envoy_server_live gauge\nenvoy_server_live{} 1\n")
          .contains("# TYPE ops_proxy_server_info gauge");
    }
    assertThat(page("/stats?format=prometheus&filter=membership_total").lines())
        .containsExactly(
            "# TYPE envoy_cluster_membership_total gauge",
            "envoy_cluster_membership_total{envoy_cluster_name=\"k8s_cluster1\"} 2",
            "envoy_cluster_membership_total{envoy_cluster_name=\"k8s_cluster2\"} 1");
    assertThat(Json.read(page("/clusters?format=json")))
        .asString()
        .contains("cluster_statuses=", "name=k8s_cluster2", "host_statuses=")
        .contains("socket_address={address=127.0.0.1, port_value=" + one.port() + "}")
        .contains("{type=COUNTER, name=rq_success, value=1}")
        .contains("eds_health_status=HEALTHY");
    assertThat(Json.read(page("/listeners?format=json")))
        .asString()
        .contains("listener_statuses=", "name=k8s_cluster1, local_address={socket_address=")
        .contains("port_value=" + peer.listener(1).getPort());
    assertThat(page("/certs")).contains("\"certificates\"");
    assertThat(page("/runtime")).contains("\"layers\"");
    assertThat(Json.read(page("/memory"))).asString().contains("heap_size=", "allocated=");
    assertThat(page("/listeners").lines())
        .containsExactlyInAnyOrder(
            "k8s_cluster1::127.0.0.1:" + peer.listener(1).getPort(),
            "k8s_cluster2::127.0.0.1:" + peer.listener(2).getPort());
    assertThat(page("/ready").strip()).isEqualTo("LIVE");
    assertThat(Json.read(page("/server_info"))).asString().contains("state=LIVE");
    assertThat(Json.read(page("/config_dump?resource=dynamic_active_clusters&mask=cluster.name")))
        .hasToString(
            "{configs=[{@type=type.googleapis.com/envoy.admin.v3.ClustersConfigDump.DynamicCluster,"
                + " cluster={name=k8s_cluster1}},"
                + " {@type=type.googleapis.com/envoy.admin.v3.ClustersConfigDump.DynamicCluster,"
                + " cluster={name=k8s_cluster2}}]}");
    assertThat(Json.read(page("/config_dump?resource=bootstrap&mask=admin")))
        .asString()
        .startsWith("{configs=[{@type=type.googleapis.com/envoy.config.bootstrap.v3.Bootstrap,")
        .contains("admin={address={socket_address=")
        .doesNotContain("node=");
    assertThat(page("/config_dump"))
        .contains("BootstrapConfigDump")
        .doesNotContain("EndpointsConfigDump");
    assertThat(Json.read(page("/config_dump?include_eds")))
        .asString()
        .contains("ListenersConfigDump", "ClustersConfigDump", "EndpointsConfigDump")
        .contains("name=k8s_cluster1", "name=k8s_cluster2")
        .contains("cluster_name=k8s_cluster1", "cluster_name=k8s_cluster2")
        .contains("port_value=" + one.port(), "port_value=" + two.port())
        .contains("port_value=" + three.port());
    String startPage = page("/");
    for (String path :
        List.of("/stats", "/clusters", "/listeners", "/config_dump", "/ready", "/server_info")) {
      assertThat(startPage).contains("href=\"" + path + "\"");
    }
  }

  @Test
  void adminPagesChangeNothing() throws Exception {
    start();
    URI quit = URI.create("http://127.0.0.1:" + peer.adminAddress().getPort() + "/quitquitquit");
    for (String method : List.of("GET", "POST")) {
      HttpRequest request =
          HttpRequest.newBuilder(quit).method(method, HttpRequest.BodyPublishers.noBody()).build();
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(method).isEqualTo(405);
    }
    assertThat(page("/ready").strip()).isEqualTo("LIVE");
  }

  // endpoints that fail

  @Test
  void noRequestFailsAfterAnEndpointHasDied() throws IOException {
    start();
    try (ShortConnections load = load()) {
      one.die();
      long dead = System.nanoTime();
      awaiting("one is out", () -> flags(one).startsWith("/failed_"));
      load.awaitMore();
      load.assertOnlyFailedBefore(dead, 1);
      awaiting("the checks fail", () -> flags(one).contains("/failed_active_hc"));
      one.revive();
      awaiting("one is back", () -> flags(one).equals("healthy"));
      int before = one.served();
      load.awaitMore();
      assertThat(one.served()).isGreaterThan(before);
      load.assertOnlyFailedBefore(dead, 1);
    }
  }

  @Test
  void anEndpointThatIsNotHealthyLeavesTheBalancing() throws IOException {
    start();
    try (ShortConnections load = load()) {
      one.health(500);
      awaiting("one is out", () -> flags(one).equals("/failed_active_hc"));
      load.awaitMore();
      int before = one.served();
      load.awaitMore();
      assertThat(one.served()).isEqualTo(before);
      one.health(200);
      awaiting("one is back", () -> flags(one).equals("healthy"));
      load.awaitMore();
      assertThat(one.served()).isGreaterThan(before);
      load.assertNoneFailed();
    }
  }

  // endpoints that change

  @Test
  void endpointsChangeUnderLoad() throws Exception {
    start();
    try (ShortConnections load = load();
        ApiServer added = new ApiServer(tls, "added")) {
      int known = two.port();
      files.endpoints(1, known, added.port());
      awaiting("it is taken out", () -> flags(one).isEmpty());
      // those that were under way to it
      load.awaitMore();
      int before = one.served();
      int used = added.served();
      load.awaitMore();
      assertThat(one.served()).isEqualTo(before);
      assertThat(added.served()).isGreaterThan(used);
      assertThat(page("/clusters")).doesNotContain("127.0.0.1:" + one.port());
      load.assertNoneFailed();
    }
  }

  @Test
  void aBrokenFileOfEndpointsChangesNothing() throws IOException {
    start();
    StatusPages status = peer.status();
    try (ShortConnections load = load()) {
      String good = files.read("eds_cluster1.yaml");
      files.write("eds_cluster1.yaml", good.replace("port_value", "port_valu"));
      awaiting("the error is shown", () -> status.status().contains("port_valu"));
      assertThat(status.status()).contains("eds_cluster1.yaml").doesNotContain("\"errors\":[]");
      int before = one.served();
      load.awaitMore();
      assertThat(one.served()).isGreaterThan(before);
      assertThat(page("/clusters")).contains(":" + one.port() + "::", ":" + two.port() + "::");
      files.write("eds_cluster1.yaml", good);
      awaiting("it is good again", () -> status.status().contains("\"errors\":[]"));
      load.assertNoneFailed();
    }
  }

  // access log

  private List<String> logged(int count) throws IOException {
    awaiting(
        count + " lines",
        () ->
            Files.exists(files.accessLog())
                && Files.readAllLines(files.accessLog()).size() >= count);
    List<String> lines = Files.readAllLines(files.accessLog());
    assertThat(lines).hasSize(count);
    return lines;
  }

  @Test
  void everyConnectionIsALineOfTheAccessLog() throws Exception {
    start();
    for (int i = 0; i < 4; i++) {
      request(1);
    }
    request(2);
    List<String> lines = logged(5);
    for (int i = 0; i < 5; i++) {
      String cluster = i < 4 ? "k8s_cluster1" : "k8s_cluster2";
      String ports = i < 4 ? "(" + one.port() + "|" + two.port() + ")" : "" + three.port();
      assertThat(lines.get(i))
          .matches(
              Pattern.compile(
                  TIME
                      + " - - - 0 - [1-9]\\d* [1-9]\\d* \\d+ - 127\\.0\\.0\\.1 127\\.0\\.0\\.1:"
                      + ports
                      + " "
                      + cluster
                      + " 127\\.0\\.0\\.1:\\d+ 127\\.0\\.0\\.1 - - - - -"));
    }
  }

  @Test
  void aConnectionWithoutAnEndpointHasAFlag() throws IOException {
    start();
    three.die();
    try (Wire wire = Wire.connect(peer.listener(2))) {
      assertThat(wire.rest()).isEmpty();
    }
    assertThat(logged(1).get(0))
        .matches(
            Pattern.compile(
                TIME
                    + " - - - 0 UF,URX 0 0 \\d+ - 127\\.0\\.0\\.1 127\\.0\\.0\\.1:"
                    + three.port()
                    + " k8s_cluster2 - 127\\.0\\.0\\.1 - - - - endpoint 127\\.0\\.0\\.1:"
                    + three.port()
                    + ": connection refused"));
  }

  @Test
  void aNameThatNobodyHasHasAFlag() throws IOException {
    Path log = files.accessLog();
    PeerFile file =
        new PeerFile("edge")
            .section("access_log", "{path: " + log + ", format: \"%RESPONSE_FLAGS%\\n\"}");
    try (TestPeer edge = new TestPeer(directory, file)) {
      assertThat(edge.get("nobody").status()).isEqualTo(503);
      assertThat(logged(1)).containsExactly("NR");
    }
  }

  @Test
  void theAccessLogIsRotatedByRenameAndSignal() throws Exception {
    servers();
    int port = Backend.freePort();
    files.local(port, Backend.freePort(), Backend.freePort());
    Path out = directory.resolve("out");
    process =
        new ProcessBuilder(
                PeerProcess.command(
                    "peer",
                    "-c",
                    files.bootstrap().toString(),
                    "--web.listen-address=127.0.0.1:" + Backend.freePort()))
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    awaiting("start", () -> Files.readString(out).contains(", status on "));
    InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    ShortConnections.request(target, tls);
    logged(1);
    Path old = Files.move(files.accessLog(), directory.resolve("access.log.1"));
    ShortConnections.request(target, tls);
    awaiting("the renamed file is written", () -> Files.readAllLines(old).size() == 2);
    assertThat(files.accessLog()).doesNotExist();
    assertThat(new ProcessBuilder("kill", "-USR1", Long.toString(process.pid())).start().waitFor())
        .isZero();
    awaiting("a new file", () -> Files.exists(files.accessLog()));
    ShortConnections.request(target, tls);
    logged(1);
    assertThat(Files.readAllLines(old)).hasSize(2);
  }
}
