package io.opsproxy.dataplane.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.PeerProcess;
import io.opsproxy.dataplane.testing.Tap;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Tls;
import io.opsproxy.dataplane.testing.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams between peers with certificates: many, slow, cut off, and looked at on the way. */
class TrustedStreamTest extends TrustedMesh {
  private final List<Tap> taps = new ArrayList<>();

  private Tap tap(TestPeer peer) {
    Tap tap = new Tap(peer.address());
    taps.add(tap);
    return tap;
  }

  @AfterEach
  void closeTaps() {
    taps.forEach(Tap::close);
  }

  @Test
  void hundredsAtOnceAreAllAnswered() throws InterruptedException, ExecutionException {
    Backend web = backend(Backend.http("hello"));
    TestPeer core = start(trusted("core").services(web.as("web")));
    TestPeer edge = start(trusted("edge").remotes(address(core)));
    edge.pages().awaitName("web");
    ExecutorService clients = Executors.newFixedThreadPool(32);
    try {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        answers.add(clients.submit(() -> edge.get("web").body()));
      }
      for (Future<String> answer : answers) {
        assertThat(answer.get()).isEqualTo("hello");
      }
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void aReaderThatStandsStillStopsItsOwnStreamAlone() {
    AtomicLong written = new AtomicLong();
    long all = 256L * 1024 * 1024;
    Backend endless =
        backend(
            Backend.serving(
                wire -> {
                  wire.line();
                  byte[] chunk = new byte[64 * 1024];
                  while (written.get() < all) {
                    wire.send(chunk);
                    written.addAndGet(chunk.length);
                  }
                }));
    Backend web = backend(Backend.http("hello"));
    TestPeer core = start(trusted("core").services(endless.as("endless"), web.as("web")));
    TestPeer edge = start(trusted("edge").remotes(address(core)));
    edge.pages().awaitName("web");
    Wire slow = client(Wire.connectWithSmallWindow(edge.address()));
    slow.send("GET / HTTP/1.1\r\nHost: endless\r\n\r\n");
    slow.bytes(1);
    for (int i = 0; i < 50; i++) {
      assertThat(edge.get("web").body()).isEqualTo("hello");
    }
    assertThat(written.get()).isLessThan(all / 2);
    slow.rst();
  }

  @Test
  void nothingCanBeReadOnTheWay() {
    Backend web = backend(Backend.http("the-secret-answer"));
    TestPeer core = start(trusted("core").services(web.as("secret-name.example.com")));
    Tap tap = tap(core);
    TestPeer edge = start(trusted("edge").remotes(tap.address()));
    edge.pages().awaitName("secret-name.example.com");
    assertThat(edge.get("secret-name.example.com").body()).isEqualTo("the-secret-answer");
    assertThat(tap.hasSeen("JOIN:")).as("it looks at the right place").isTrue();
    assertThat(tap.hasSeen("secret")).isFalse();
  }

  @Test
  void whatIsTlsAlreadyIsNotEncryptedTwiceButWhereAllIs() {
    Tls tls = new Tls(directory, "secret-name.example.com");
    Backend web = backend(Backend.serving(wire -> Backend.answerAll(tls.server(wire), "in TLS")));
    TestPeer core = start(trusted("core").services(web.as("secret-name.example.com")));
    Tap auto = tap(core);
    TestPeer edge = start(trusted("edge").remotes(auto.address()));
    edge.pages().awaitName("secret-name.example.com");
    assertThat(answer(tls, edge)).isEqualTo("in TLS");
    assertThat(auto.hasSeen("secret-name.example.com"))
        .as("as the client itself shows it")
        .isTrue();
    assertThat(auto.hasSeen("in TLS")).isFalse();
    Tap always = tap(core);
    trusted("hidden");
    TestPeer hidden =
        start(
            new PeerFile("hidden")
                .section("mesh", mesh("hidden", "names: [\"*\"]", ", data_encryption: always"))
                .remotes(always.address()));
    hidden.pages().awaitName("secret-name.example.com");
    assertThat(answer(tls, hidden)).isEqualTo("in TLS");
    assertThat(always.hasSeen("JOIN:")).isFalse();
    assertThat(always.hasSeen("secret")).isFalse();
  }

  private String answer(Tls tls, TestPeer peer) {
    Wire client = client(tls.client(Wire.connect(peer.address()), "secret-name.example.com"));
    return client.get("secret-name.example.com").body();
  }

  @Test
  void aPeerThatNobodyCanReachServesAndAsks() {
    Backend web = backend(Backend.http("web of core"));
    Backend api = backend(Backend.http("api of edge"));
    TestPeer core = start(trusted("core").services(web.as("web")));
    Tap wayToEdge = tap(core);
    TestPeer edge =
        start(
            trusted("edge")
                .set("local_peer_addr", "\"" + wayToEdge.address() + "\"")
                .services(api.as("api"))
                .remotes(address(core)));
    edge.pages().awaitName("web");
    core.pages().awaitName("api");
    for (int i = 0; i < 20; i++) {
      assertThat(edge.get("web").body()).isEqualTo("web of core");
      assertThat(core.get("api").body()).isEqualTo("api of edge");
    }
    assertThat(wayToEdge.accepted()).as("dials of what edge says is its address").isZero();
  }

  @Test
  void anOwnerThatIsCutOffIsGoneAndAnotherAnswers() {
    Backend first = backend(Backend.http("of the first"));
    Backend second = backend(Backend.http("of the second"));
    TestPeer core = start(trusted("core"));
    Tap tap = tap(core);
    start(
        trusted("first").services(first.as("web"), first.as("only-first")).remotes(tap.address()));
    start(trusted("second").services(second.as("web")).remotes(address(core)));
    core.pages().awaitName("only-first");
    awaitStatus(core, "peer/second");
    tap.cut();
    core.pages().awaitNoName("only-first");
    for (int i = 0; i < 10; i++) {
      assertThat(core.get("web").body()).isEqualTo("of the second");
    }
  }

  @Test
  void anOwnerThatIsKilledIsGoneAndComesBack() {
    Backend web = backend(Backend.http("hello"));
    TestPeer core = start(trusted("core"));
    PeerProcess edge = process(trusted("edge").services(web.as("web")).remotes(address(core)));
    core.pages().awaitName("web");
    assertThat(core.get("web").body()).isEqualTo("hello");
    edge.signal("KILL");
    edge.awaitExit();
    core.pages().awaitNoName("web");
    process(trusted("edge").services(web.as("web")).remotes(address(core)));
    core.pages().awaitName("web");
    assertThat(core.get("web").body()).isEqualTo("hello");
  }

  @Test
  void twoThatDialEachOtherServeEachOther() {
    Backend web = backend(Backend.http("web"));
    Backend api = backend(Backend.http("api"));
    PeerFile file = trusted("core").services(web.as("web"));
    TestPeer core = start(file);
    TestPeer edge = start(trusted("edge").services(api.as("api")).remotes(address(core)));
    core.reconfigure(file.remotes(address(edge)));
    awaitStatus(core, "\"direction\":\"out\",\"state\":\"connected\"");
    edge.pages().awaitName("web");
    core.pages().awaitName("api");
    for (int i = 0; i < 10; i++) {
      assertThat(edge.get("web").body()).isEqualTo("web");
      assertThat(core.get("api").body()).isEqualTo("api");
    }
  }
}
