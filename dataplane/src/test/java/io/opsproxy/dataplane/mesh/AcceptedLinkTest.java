package io.opsproxy.dataplane.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.ScriptedPeer;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Links that other peers dial: what they say, and what they may not. */
class AcceptedLinkTest extends Scenario {
  private static final String DOCUMENTED = "REGISTER:web:127.0.0.1:8081,example.com:6443\n";

  private static PeerFile file() {
    return new PeerFile("ours").services("svc-a:127.0.0.1:9001");
  }

  private static String sync(TestPeer peer) {
    return "SYNC:ours:127.0.0.1:" + peer.address().getPort() + ":svc-a:127.0.0.1:9001";
  }

  @Test
  void takesTheDocumentedFormAndAnswersWithItsOwnNames() {
    TestPeer peer = start(file());
    Wire control = scripted("vm").dial(peer).send(DOCUMENTED);
    assertThat(control.line()).isEqualTo("OK:2");
    assertThat(control.line()).isEqualTo(sync(peer));
    assertThat(peer.pages().knows("web")).isTrue();
    assertThat(peer.pages().knows("example.com")).isTrue();
    assertThat(peer.pages().metric("ops_proxy_peer_links", "direction=\"in\"")).isEqualTo(1);
  }

  @Test
  void takesTheFormOfTheGoPeersAndKnowsTheirName() {
    TestPeer peer = start(file());
    Wire control =
        scripted("vm")
            .dial(peer)
            .send("REGISTER:vm:127.0.0.1:26443:web:127.0.0.1:8081,example.com:example.com:6443\n");
    assertThat(control.line()).isEqualTo("OK:2");
    assertThat(control.line()).isEqualTo(sync(peer));
    assertThat(peer.pages().status())
        .contains("{\"name\":\"web\",\"owner\":\"peer\",\"peer\":\"vm\"")
        .contains("\"names\":[\"example.com\",\"web\"]");
  }

  @Test
  void takesARegistrationHoweverItIsCut() {
    TestPeer peer = start(file());
    ScriptedPeer scripted = scripted("vm");
    assertThat(scripted.dial(peer).drip(DOCUMENTED).line()).isEqualTo("OK:2");
    for (int cut = 1; cut < "REGISTER:".length() + 1; cut++) {
      Wire control = scripted.dial(peer).send(DOCUMENTED.substring(0, cut));
      peer.pages().awaitMetric(1, "ops_proxy_connections_sniffing");
      assertThat(control.send(DOCUMENTED.substring(cut)).line())
          .as("cut at %d", cut)
          .isEqualTo("OK:2");
      peer.pages().awaitMetric(0, "ops_proxy_connections_sniffing");
      if (cut == "REGISTER".length()) {
        break; // with the colon it is decided
      }
    }
  }

  @Test
  void takesLinesThatEndAsOnAnotherSystemAndSeveralInOneSegment() {
    TestPeer peer = start(file());
    Wire control =
        scripted("vm").dial(peer).send("REGISTER:a:127.0.0.1:1\r\nREGISTER:b:127.0.0.1:2\n");
    assertThat(control.line()).isEqualTo("OK:1");
    assertThat(control.line()).startsWith("SYNC:");
    assertThat(control.line()).isEqualTo("OK:1");
    assertThat(peer.pages().knows("a")).isTrue();
    assertThat(peer.pages().knows("b")).isTrue();
  }

  @Test
  void answersEveryHeartbeat() {
    TestPeer peer = start(file());
    Wire control = scripted("vm").register(peer, "web:127.0.0.1:8081,example.com:6443");
    for (int i = 0; i < 5; i++) {
      assertThat(control.send(DOCUMENTED).line()).isEqualTo("OK:2");
    }
    assertThat(peer.pages().metric("ops_proxy_client_registrations_total", "client_name=\"web\""))
        .isEqualTo(6);
  }

  @Test
  void addsWhatARegistrationAddsAndForgetsAllWithTheLink() {
    TestPeer peer = start(file());
    Wire control = scripted("vm").register(peer, "a:127.0.0.1:1");
    assertThat(control.send("REGISTER:b:127.0.0.1:2\n").line()).isEqualTo("OK:1");
    assertThat(peer.pages().knows("a")).isTrue();
    assertThat(peer.pages().knows("b")).isTrue();
    control.close();
    peer.pages().awaitNoName("a");
    peer.pages().awaitNoName("b");
    assertThat(peer.get("a").status()).isEqualTo(503);
    assertThat(peer.get("a").body()).isEqualTo("Service not available: a\n");
  }

  @Test
  void linksAPeerThatServesNothing() {
    TestPeer peer = start(file());
    ScriptedPeer scripted = scripted("vm");
    Wire control = scripted.dial(peer).send("REGISTER:" + scripted.prefix() + "\n");
    assertThat(control.line()).isEqualTo("OK:0");
    assertThat(control.line()).isEqualTo(sync(peer));
    assertThat(peer.pages().status()).contains("{\"name\":\"vm\",").contains("\"names\":[]");
  }

  @ParameterizedTest
  @CsvSource({
    "REGISTER:nonsense, ERROR:Invalid registration",
    "REGISTER:, ERROR:Invalid registration",
    "REGISTER:a:b:c:d, ERROR:Invalid registration",
    "REGISTER:bad name:127.0.0.1:1, ERROR:No valid registrations",
    "REGISTER:web:127.0.0.1:99999, ERROR:No valid registrations",
  })
  void refusesWhatIsNoRegistration(String line, String answer) {
    TestPeer peer = start(file());
    Wire control = scripted("vm").dial(peer).send(line + "\n");
    assertThat(control.restText()).isEqualTo(answer + "\n");
  }

  @Test
  void answersABadRegistrationOnALinkThatIsUpAndKeepsTheLink() {
    TestPeer peer = start(file());
    Wire control = scripted("vm").register(peer, "web:127.0.0.1:1");
    assertThat(control.send("REGISTER:web:127.0.0.1:99999\n").line())
        .isEqualTo("ERROR:No valid registrations");
    assertThat(control.send("REGISTER:nonsense\n").line()).isEqualTo("ERROR:Invalid registration");
    assertThat(control.send("REGISTER:web:127.0.0.1:1\n").line()).isEqualTo("OK:1");
    assertThat(peer.pages().knows("web")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void closesOnALineOfMoreThan64KiB(boolean registeredBefore) {
    TestPeer peer = start(file());
    Wire control = scripted("vm").dial(peer);
    if (registeredBefore) {
      control.send("REGISTER:web:127.0.0.1:1\n");
      peer.pages().awaitName("web");
    }
    control.send("REGISTER:" + "x".repeat(64 * 1024));
    control.rest();
    peer.pages().awaitNoName("web");
  }

  @Test
  void keepsOutPeersThatAreNotAllowed() {
    TestPeer peer = start(file().section("mesh", "{legacy_peers: [127.0.0.2/32]}"));
    assertThat(scripted("vm").dial(peer).send(DOCUMENTED).restText()).isEmpty();
    assertThat(scripted("vm").dial(peer).send("DATA:00000042\n").restText()).isEmpty();
    assertThat(peer.pages().metric("ops_proxy_proxy_errors_total", "reason=\"peer_denied\""))
        .isEqualTo(2);
    assertThat(peer.pages().knows("web")).isFalse();
    Wire allowed = client(Wire.connect("127.0.0.2", peer.address())).send(DOCUMENTED);
    assertThat(allowed.line()).isEqualTo("OK:2");
  }

  @Test
  void neverGivesATrafficOfALocalNameAway() {
    Backend web = backend(Backend.http("local web"));
    Backend any = backend(Backend.http("local wildcard"));
    TestPeer peer = start(new PeerFile("ours").services(web.as("web"), any.as("*.example.com")));
    Wire control =
        scripted("thief")
            .register(
                peer,
                "web:127.0.0.1:1,WEB:127.0.0.1:1,a.example.com:127.0.0.1:1,*.example.com:127.0.0.1:1");
    assertThat(peer.get("web").body()).isEqualTo("local web");
    assertThat(peer.get("a.example.com").body()).isEqualTo("local wildcard");
    assertThat(peer.get("A.Example.com.").body()).isEqualTo("local wildcard");
    assertThat(control.send("REGISTER:web:127.0.0.1:1\n").line())
        .as("no FORWARD")
        .isEqualTo("OK:1");
    assertThat(peer.pages().status()).contains("{\"name\":\"web\",\"owner\":\"local\"");
  }

  @Test
  void aRemoteOwnerTakesOverWhenTheLocalServiceIsRemovedAndGivesBack() {
    Backend local = backend(Backend.http("local"));
    PeerFile file = file().services(local.as("web"), "other:127.0.0.1:1");
    TestPeer peer = start(file);
    ScriptedPeer scripted = scripted("vm");
    scripted.serve(
        peer,
        scripted.register(peer, "web:127.0.0.1:1"),
        data -> Backend.answerAll(data, "remote"));
    assertThat(peer.get("web").body()).isEqualTo("local");
    peer.reconfigure(file.services("other:127.0.0.1:1"));
    org.awaitility.Awaitility.await().until(() -> peer.get("web").body().equals("remote"));
    peer.reconfigure(file.services(local.as("web")));
    org.awaitility.Awaitility.await().until(() -> peer.get("web").body().equals("local"));
  }

  @Test
  void namesAreTheSameInAnyCase() {
    TestPeer peer = start(file());
    ScriptedPeer scripted = scripted("vm");
    scripted.serve(
        peer,
        scripted.register(peer, "LOUD.Example.NET:127.0.0.1:1"),
        data -> Backend.answerAll(data, "here"));
    assertThat(peer.get("loud.example.net").body()).isEqualTo("here");
    assertThat(peer.get("Loud.EXAMPLE.net:6443").body()).isEqualTo("here");
  }

  @Test
  void routesNamesBelowARemoteWildcard() {
    TestPeer peer = start(file());
    ScriptedPeer scripted = scripted("vm");
    scripted.serve(
        peer,
        scripted.register(peer, "*.example.net:127.0.0.1:1"),
        data -> Backend.answerAll(data, "here"));
    assertThat(peer.get("a.b.example.net").body()).isEqualTo("here");
    assertThat(peer.get("example.net").status()).isEqualTo(503);
  }

  @Test
  void declaresASilentLinkDead() {
    TestPeer peer = start(file().set("registration_read_timeout", "300ms"));
    Wire control = scripted("vm").register(peer, "web:127.0.0.1:1");
    assertThat(control.restText()).isEmpty();
    peer.pages().awaitNoName("web");
  }
}
