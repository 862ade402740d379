package io.opsproxy.dataplane.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.PeerProcess;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The life of a peer as a process: signals, exit codes, files that change, sudden death. */
class PeerProcessTest extends Scenario {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private final Backend web = backend(Backend.http("web"));

  private static String address(TestPeer peer) {
    return "127.0.0.1:" + peer.address().getPort();
  }

  // drain

  @Test
  void finishesWhatRunsWhenToldToStop() {
    Backend slow = backend(Backend.queueing());
    TestPeer edge = start(new PeerFile("edge"));
    PeerProcess core =
        process(
            new PeerFile("core").services(slow.as("slow"), web.as("web")).remotes(address(edge)));
    edge.pages().awaitName("slow");
    String request = "GET / HTTP/1.1\r\nHost: slow\r\n\r\n";
    Wire tunnelled = client(edge).send(request);
    Wire first = client(slow.accept()).send("a half, ");
    assertThat(tunnelled.text(8)).isEqualTo("a half, ");
    Wire direct = client(core).send(request);
    Wire second = client(slow.accept()).send("a half, ");
    assertThat(direct.text(8)).isEqualTo("a half, ");
    core.signal("TERM");
    await().atMost(DEADLINE).until(() -> core.pages().get("/readyz").statusCode() == 503);
    assertThat(core.pages().get("/readyz").body()).isEqualTo("draining\n");
    assertThat(core.pages().get("/healthz").statusCode()).isEqualTo(200);
    edge.pages().awaitNoName("slow");
    assertThat(edge.get("web").status()).isEqualTo(503);
    assertThat(core.isAlive()).isTrue();
    first.send("and another").close();
    second.send("and another").close();
    assertThat(tunnelled.restText()).isEqualTo("and another");
    assertThat(direct.restText()).isEqualTo("and another");
    tunnelled.close();
    direct.close();
    assertThat(core.awaitExit()).isZero();
  }

  @Test
  void anIdlePeerExitsAtOnceAlsoWithLinks() {
    TestPeer edge = start(new PeerFile("edge"));
    PeerProcess core =
        process(
            new PeerFile("core")
                .services(web.as("web"))
                .remotes(address(edge))
                .set("drain_timeout", "60s"));
    edge.pages().awaitName("web");
    long start = System.nanoTime();
    core.signal("TERM");
    assertThat(core.awaitExit()).isZero();
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(20);
    edge.pages().awaitNoName("web");
  }

  @Test
  void goesOnAcceptingForTheDrainDelay() {
    PeerProcess peer =
        process(new PeerFile("core").services(web.as("web")).set("drain_delay", "2s"));
    long start = System.nanoTime();
    peer.signal("TERM");
    await().atMost(DEADLINE).until(() -> peer.pages().get("/readyz").statusCode() == 503);
    assertThat(peer.get("web").body()).isEqualTo("web");
    assertThat(peer.awaitExit()).isZero();
    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThan(1900);
  }

  @Test
  void endsWhatStillRunsWhenTheDrainTimeIsOver() {
    Backend slow = backend(Backend.queueing());
    PeerProcess peer =
        process(new PeerFile("core").services(slow.as("slow")).set("drain_timeout", "1s"));
    Wire client = client(peer).send("GET / HTTP/1.1\r\nHost: slow\r\n\r\n");
    client(slow.accept()).send("never ending");
    assertThat(client.text(12)).isEqualTo("never ending");
    peer.signal("TERM");
    assertThat(peer.awaitExit()).isZero();
    assertThat(client.rest()).isEmpty();
  }

  /** Two owners of one name; one is told to stop under load, as in a rolling restart. */
  @Test
  void noRequestFailsWhenOneOfTwoOwnersIsToldToStop() {
    TestPeer edge = start(new PeerFile("edge"));
    PeerProcess leaving = owner(edge, "one");
    owner(edge, "two");
    awaitOwners(edge, 2);
    Load load = new Load(edge);
    load.awaitMore(50);
    leaving.signal("TERM");
    assertThat(leaving.awaitExit()).isZero();
    load.awaitMore(50);
    assertThat(load.end()).isEmpty();
  }

  @Test
  void onlyWhatWasUnderWayFailsWhenAPeerDies() {
    TestPeer edge = start(new PeerFile("edge"));
    PeerProcess dying = owner(edge, "one");
    owner(edge, "two");
    awaitOwners(edge, 2);
    Load load = new Load(edge);
    load.awaitMore(50);
    dying.signal("KILL");
    assertThat(dying.awaitExit()).isEqualTo(128 + 9);
    load.awaitMore(50);
    assertThat(load.end()).hasSizeLessThanOrEqualTo(Load.CLIENTS);
    awaitOwners(edge, 1);
    dying.start();
    awaitOwners(edge, 2);
  }

  private PeerProcess owner(TestPeer edge, String name) {
    return process(new PeerFile(name).services(web.as("web")).remotes(address(edge)));
  }

  private static void awaitOwners(TestPeer edge, int count) {
    edge.pages().awaitMetric(count, "ops_proxy_peer_links", "direction=\"in\"");
  }

  /** Requests for one name, one after the other, by several clients. */
  private static final class Load {
    static final int CLIENTS = 4;
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

    Load(TestPeer peer) {
      for (int i = 0; i < CLIENTS; i++) {
        Thread thread = new Thread(() -> run(peer));
        threads.add(thread);
        thread.start();
      }
    }

    private void run(TestPeer peer) {
      while (!over.get()) {
        try {
          Wire.Answer answer = peer.get("web");
          if (answer.status() != 200) {
            failures.add(answer.toString());
          }
        } catch (AssertionError | RuntimeException e) {
          failures.add(e.toString());
        }
        requests.incrementAndGet();
      }
    }

    void awaitMore(int count) {
      int before = requests.get();
      await().atMost(DEADLINE).until(() -> requests.get() >= before + count);
    }

    Queue<String> end() {
      over.set(true);
      await().atMost(DEADLINE).until(() -> threads.stream().noneMatch(Thread::isAlive));
      return failures;
    }
  }

  // reload

  @Test
  void followsItsFileHoweverItIsChanged() throws IOException {
    PeerFile file = new PeerFile("core").services(web.as("one"));
    PeerProcess peer = process(file);
    assertThat(peer.get("one").body()).isEqualTo("web");
    Files.writeString(peer.file(), file.services(web.as("two")).text());
    peer.pages().awaitName("two");
    assertThat(peer.get("one").status()).isEqualTo(503);
    file.services(web.as("three")).replace(peer.file());
    peer.pages().awaitName("three");
    String hash = peer.pages().status().split("\"hash\":\"")[1].substring(0, 64);
    assertThat(hash).matches("[0-9a-f]{64}");
    Files.writeString(peer.file(), "peer: {connection_timeout: soon}\n");
    peer.pages().awaitMetric(0, "ops_proxy_config_last_reload_successful");
    assertThat(peer.pages().status())
        .contains("\"hash\":\"" + hash + "\"")
        .contains("\"path\":\"peer.connection_timeout\",\"line\":1");
    assertThat(peer.get("three").body()).isEqualTo("web");
    Files.delete(peer.file());
    peer.pages().awaitMetric(2, "ops_proxy_config_reloads_total", "result=\"failure\"");
    assertThat(peer.get("three").body()).isEqualTo("web");
    file.replace(peer.file());
    peer.pages().awaitMetric(1, "ops_proxy_config_last_reload_successful");
    assertThat(peer.pages().status()).contains("\"errors\":[]");
  }

  @Test
  void followsTheLinkSwapOfKubernetes() throws IOException {
    PeerFile file = new PeerFile("core").services(web.as("one"));
    Path mount = Files.createDirectory(directory.resolve("mount"));
    Path first = Files.createDirectory(mount.resolve("..1"));
    Path second = Files.createDirectory(mount.resolve("..2"));
    Files.writeString(first.resolve("config.yaml"), file.text());
    Files.writeString(second.resolve("config.yaml"), file.services(web.as("two")).text());
    Files.createSymbolicLink(mount.resolve("..data"), first.getFileName());
    Path config =
        Files.createSymbolicLink(mount.resolve("config.yaml"), Path.of("..data", "config.yaml"));
    PeerProcess peer = process(config);
    peer.pages().awaitName("one");
    Path swap = Files.createSymbolicLink(mount.resolve("..data_tmp"), second.getFileName());
    Files.move(
        swap,
        mount.resolve("..data"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    peer.pages().awaitName("two");
    peer.pages().awaitNoName("one");
  }

  @Test
  void readsItsFileAgainOnSighup() {
    PeerProcess peer = process(new PeerFile("core").services(web.as("web")));
    peer.signal("HUP");
    peer.pages().awaitMetric(1, "ops_proxy_config_reloads_total", "result=\"success\"");
    assertThat(peer.get("web").body()).isEqualTo("web");
  }

  @Test
  void saysThatSighupDoesNothingWhereItWasStartedIgnored() {
    PeerProcess peer = process(new PeerFile("core").services(web.as("web")), "trap '' HUP");
    await().atMost(DEADLINE).until(() -> peer.log().contains("SIGHUP does nothing here"));
    peer.signal("HUP");
    assertThat(peer.get("web").body()).isEqualTo("web");
  }

  // the command

  private record Ended(int code, String out, String err) {}

  private Ended run(String... arguments) throws IOException, InterruptedException {
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process =
        new ProcessBuilder(PeerProcess.command(arguments))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void refusesABadConfigurationWithAllItsProblems() throws IOException, InterruptedException {
    Path file = directory.resolve("bad.yaml");
    Files.writeString(
        file,
        "peer:\n  bind_addr: nowhere\n  connection_timeout: soon\n  conection: 1\nlog: {level: loud}\n",
        StandardCharsets.UTF_8);
    Ended peer = run("peer", "--config.file=" + file);
    assertThat(peer.code()).isEqualTo(1);
    assertThat(peer.err())
        .contains("peer.bind_addr")
        .contains("peer.connection_timeout")
        .contains("log.level")
        .contains(file + ":3");
    Ended validate = run("validate", file.toString());
    assertThat(validate.code()).isEqualTo(1);
    assertThat(validate.out())
        .contains("peer.bind_addr")
        .contains("peer.connection_timeout")
        .contains("log.level")
        .contains("conection")
        .contains("not valid, 3 errors");
    assertThat(run("--mode", "validate", "-c", file.toString()).out()).isEqualTo(validate.out());
  }

  @Test
  void saysWhenItsAddressIsTaken() throws IOException, InterruptedException {
    Path file = directory.resolve("taken.yaml");
    new PeerFile("x").set("bind_addr", "\"" + web.address() + "\"").replace(file);
    Ended peer = run("peer", "--config.file=" + file);
    assertThat(peer.code()).isEqualTo(1);
    assertThat(peer.err()).contains(web.address()).contains("in use");
  }

  @Test
  void servesWhileTheAddressOfItsStatusPagesIsTaken() throws IOException {
    Path file = directory.resolve("taken.yaml");
    String address;
    Process peer;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = "127.0.0.1:" + taken.getLocalPort();
      new PeerFile("x")
          .services(web.as("web"))
          .set("listen_address", "\"" + address + "\"")
          .replace(file);
      peer =
          new ProcessBuilder(PeerProcess.command("peer", "--config.file=" + file))
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("out").toFile())
              .start();
      await()
          .atMost(DEADLINE)
          .until(() -> Files.readString(directory.resolve("out")).contains("status on nothing"));
      assertThat(Files.readString(directory.resolve("out")))
          .contains("cannot listen on " + address + ": Address already in use")
          .contains("ss -ltnp")
          .contains("choose another address with --web.listen-address or peer.listen_address");
    }
    try {
      await()
          .atMost(DEADLINE)
          .until(
              () ->
                  Files.readString(directory.resolve("out"))
                      .contains("status pages on " + address));
    } finally {
      peer.destroyForcibly();
    }
  }

  @Test
  void startsWithoutAListenerWhoseAddressIsTakenButNotWithoutAny() throws Exception {
    String taken = backend(Backend.http("other")).address();
    PeerProcess peer =
        process(
            new PeerFile("x")
                .services(web.as("web"))
                .section("listeners", "[{name: edge, address: \"" + taken + "\", service: web}]"));
    assertThat(peer.get("web").body()).isEqualTo("web");
    peer.pages().awaitMetric(0, "ops_proxy_listener_up", "listener=\"edge\"");
    Path envoy = directory.resolve("envoy.yaml");
    Files.writeString(
        envoy,
        """
        static_resources:
          listeners:
          - name: only
            address: {socket_address: {address: 127.0.0.1, port_value: %s}}
            filter_chains:
            - filters:
              - name: tcp
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                  stat_prefix: x
                  cluster: c
          clusters:
          - name: c
            type: STATIC
            load_assignment:
              cluster_name: c
              endpoints:
              - lb_endpoints:
                - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 1}}}
        """
            .formatted(taken.substring(taken.indexOf(':') + 1)));
    Ended ended = run("peer", "--config.file=" + envoy);
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("cannot listen on " + taken);
  }

  @Test
  void saysWhyAFileIsNone() throws Exception {
    Path file = directory.resolve("object.yaml");
    assertThat(run("peer", "--config.file=" + file).code()).isEqualTo(1);
    Files.writeString(file, "apiVersion: opsproxy.io/v1alpha1\nkind: ProxyPeer\n");
    Ended ended = run("peer", "--config.file=" + file);
    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.err()).contains("this is an object of Kubernetes, kind \"ProxyPeer\"");
  }
}
