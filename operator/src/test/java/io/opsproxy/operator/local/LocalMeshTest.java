package io.opsproxy.operator.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.operator.render.ObjectKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real peers, real requests. */
final class LocalMeshTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Pattern LINE =
      Pattern.compile("peer (\\S+) proxy=127\\.0\\.0\\.1:(\\d+) metrics=127\\.0\\.0\\.1:(\\d+).*");

  private static final String PEERS =
      """
      apiVersion: opsproxy.io/v1alpha1
      kind: ProxyPeer
      metadata: {name: edge, namespace: mesh}
      spec:
        remotePeers: [{peerRef: {name: core}}]
      ---
      apiVersion: opsproxy.io/v1alpha1
      kind: ProxyPeer
      metadata: {name: core, namespace: mesh}
      spec: {}
      ---
      """;

  @TempDir private Path directory;
  private final List<String> up = new CopyOnWriteArrayList<>();
  private final List<String> said = new CopyOnWriteArrayList<>();
  private HttpServer backend;
  private LocalMesh mesh;
  private Thread follower;

  @BeforeEach
  void startBackend() throws IOException {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write("hi".getBytes(StandardCharsets.US_ASCII));
          exchange.close();
        });
    backend.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (mesh != null) {
      mesh.close();
      follower.join();
    }
    backend.stop(0);
  }

  private static String service(String name, String peer, String hostnames) {
    return """
    apiVersion: opsproxy.io/v1alpha1
    kind: ExposedService
    metadata: {name: %s, namespace: mesh}
    spec:
      peerRef: {name: %s}
      hostnames: [%s]
      backend: {serviceRef: {name: web, port: 80}}
    ---
    """
        .formatted(name, peer, hostnames);
  }

  private boolean start(String text) throws IOException {
    write(text);
    Console console =
        new Console() {
          @Override
          public void up(String line) {
            up.add(line);
          }

          @Override
          public void say(String line) {
            said.add(line);
          }
        };
    mesh =
        new LocalMesh(
            new LocalMesh.Settings(
                "default",
                "unused",
                Map.of(
                    new BackendPort(new ObjectKey("mesh", "web"), 80),
                    new HostPort("127.0.0.1", backend.getAddress().getPort())),
                Duration.ofMillis(200)),
            new ManifestFiles(List.of(directory.toString()), new ByteArrayInputStream(new byte[0])),
            console);
    boolean started = mesh.start();
    follower =
        new Thread(
            () -> {
              try {
                mesh.follow();
              } catch (InterruptedException | IOException e) {
                said.add("follower: " + e);
              }
            });
    follower.start();
    return started;
  }

  private void write(String text) throws IOException {
    Files.writeString(directory.resolve("mesh.yaml"), text);
  }

  /** Of the newest line of the peer: the proxy's, or the status pages'. */
  private int port(String peer, int group) {
    return await()
        .atMost(PATIENCE)
        .until(
            () ->
                up.stream()
                    .map(LINE::matcher)
                    .filter(Matcher::matches)
                    .filter(line -> line.group(1).equals("mesh/" + peer))
                    .map(line -> Integer.parseInt(line.group(group)))
                    .reduce(-1, (first, second) -> second),
            port -> port > 0);
  }

  private String get(String peer, String name) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(peer, 2))) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return answer.length() < 12 ? answer : answer.substring(9, 12);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private void awaitAnswer(String status, String peer, String name) {
    await().atMost(PATIENCE).until(() -> get(peer, name), status::equals);
  }

  private long pid(String peer) {
    return mesh.pid(new ObjectKey("mesh", peer)).orElse(-1);
  }

  private void awaitSaid(String part) {
    await().atMost(PATIENCE).until(() -> said.stream().anyMatch(line -> line.contains(part)));
  }

  @Test
  void servesThroughTwoPeersAndFollowsTheFilesWithoutARestart() throws IOException {
    assertThat(start(PEERS + service("web", "core", "web.example.com"))).isTrue();
    awaitAnswer("200", "edge", "web.example.com");
    assertThat(get("edge", "other.example.com")).isEqualTo("503");
    long edge = pid("edge");
    long core = pid("core");
    assertThat(core).isPositive().isNotEqualTo(edge);

    write(PEERS + service("web", "core", "other.example.com"));
    awaitAnswer("200", "edge", "other.example.com");
    awaitAnswer("503", "edge", "web.example.com");

    write(PEERS + service("web", "edge", "moved.example.com"));
    awaitAnswer("200", "core", "moved.example.com");
    awaitAnswer("503", "core", "other.example.com");
    assertThat(pid("edge")).isEqualTo(edge);
    assertThat(pid("core")).isEqualTo(core);
    assertThat(up).hasSize(2);
  }

  @Test
  void issuesCertificatesAsTheOperatorDoes() throws IOException {
    assertThat(start(PEERS + service("web", "core", "web.example.com"))).isTrue();
    awaitAnswer("200", "edge", "web.example.com");
    try (InputStream status =
        URI.create("http://127.0.0.1:" + port("edge", 3) + "/status").toURL().openStream()) {
      assertThat(new String(status.readAllBytes(), StandardCharsets.UTF_8))
          .contains("spiffe://localhost/ns/mesh/ppeer/edge")
          .contains("\"protocol\":\"v2\"");
    }
  }

  @Test
  void goesOnAsBeforeWithABadFileAndSaysWhy() throws IOException {
    start(PEERS + service("web", "edge", "web.example.com"));
    awaitAnswer("200", "edge", "web.example.com");
    write(PEERS + service("web", "edge", "web.example.com").replace("backend", "bakend"));
    awaitSaid("did you mean \"backend\"?");
    awaitSaid("all goes on as before");
    assertThat(get("edge", "web.example.com")).isEqualTo("200");
    write(PEERS + service("web", "edge", "new.example.com"));
    awaitAnswer("200", "edge", "new.example.com");
  }

  @Test
  void startsAndEndsPeersAsTheyComeAndGo() throws IOException {
    start(PEERS.replace("spec: {}", "spec: {drain: {timeout: 1s}}"));
    port("edge", 2);
    int core = port("core", 2);
    long pid = pid("core");
    write(PEERS.replaceAll("(?s)---.*", "").replaceAll("spec:.*\n.*\n", "spec: {}\n"));
    awaitSaid("peer mesh/core is gone");
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(pid("edge")).isPositive();
    write(PEERS);
    await().atMost(PATIENCE).until(() -> up.size() >= 3);
    assertThat(port("core", 2)).isPositive();
    assertThat(core).isPositive();
  }

  @Test
  void startsAPeerAgainThatDiedAndKeepsItsAddress() throws IOException {
    start(PEERS + service("web", "core", "web.example.com"));
    awaitAnswer("200", "edge", "web.example.com");
    long pid = pid("core");
    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    awaitSaid("peer mesh/core ended with exit code 137");
    awaitAnswer("200", "edge", "web.example.com");
    assertThat(pid("core")).isNotEqualTo(pid);
    assertThat(up).hasSize(2);
  }

  @Test
  void startsAPeerAnewWhenItsPodsWouldBe() throws IOException {
    start(PEERS);
    port("edge", 2);
    port("core", 2);
    long edge = pid("edge");
    long core = pid("core");
    write(PEERS.replace("spec: {}", "spec: {admin: {enabled: true}}"));
    awaitSaid("peer mesh/core is started anew");
    await()
        .atMost(PATIENCE)
        .until(() -> up.stream().anyMatch(line -> line.contains(" admin=127.")));
    assertThat(pid("core")).isNotEqualTo(core);
    assertThat(pid("edge")).isEqualTo(edge);
  }

  @Test
  void takesOtherPortsWhereThoseOfTheObjectAreTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      start(PEERS.replace("spec: {}", "spec: {listen: {proxyPort: " + port + "}}"));
      assertThat(port("core", 2)).isNotEqualTo(port);
      // Both peers want 9090 for their status pages.
      assertThat(port("core", 3)).isNotEqualTo(port("edge", 3));
    }
  }

  @Test
  void runsWhatIsLeftWhenAnObjectIsRefused() throws IOException {
    start(
        PEERS
            + service("a", "edge", "web.example.com")
            + service("b", "edge", "web.example.com")
            + service("c", "nobody", "c.example.com"));
    awaitAnswer("200", "edge", "web.example.com");
    assertThat(said)
        .anyMatch(line -> line.startsWith("ExposedService mesh/b: Accepted False NameConflict: "))
        .anyMatch(line -> line.startsWith("ExposedService mesh/c: Accepted False PeerNotFound: "));
  }

  @Test
  void saysOfWhichServiceNobodyKnowsWhereItIs() throws IOException {
    start(PEERS + service("web", "edge", "web.example.com").replace("port: 80", "port: 81"));
    assertThat(said)
        .contains(
            "Service mesh/web:81: nobody says where it is; say --resolve mesh/web:81=HOST:PORT");
  }

  @Test
  void startsNothingWithFilesThatCannotBeTaken() throws IOException {
    assertThat(start("kind: ProxyPeer\n")).isFalse();
    assertThat(said).contains("nothing was started");
  }

  @Test
  void startsNothingWithoutAPeer() throws IOException {
    assertThat(start("---\n")).isFalse();
    assertThat(said).contains("no ProxyPeer in the files");
  }
}
