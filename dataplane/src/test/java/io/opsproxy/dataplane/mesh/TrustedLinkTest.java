package io.opsproxy.dataplane.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.Tap;
import io.opsproxy.dataplane.testing.TestAuthority;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Tls;
import io.opsproxy.dataplane.testing.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Links of peers with certificates: who may link, what passes, and who is refused. */
class TrustedLinkTest extends TrustedMesh {
  private static final String REFUSALS = "ops_proxy_mesh_refusals_total";

  @Test
  void servesNamesInBothDirectionsOverALinkThatOneSideDialled() {
    Backend web = backend(Backend.http("web of core"));
    Backend api = backend(Backend.http("api of edge"));
    TestPeer core = start(trusted("core").services(web.as("web")));
    TestPeer edge = start(trusted("edge").services(api.as("api")).remotes(address(core)));
    edge.pages().awaitName("web");
    core.pages().awaitName("api");
    assertThat(edge.get("web").body()).isEqualTo("web of core");
    assertThat(core.get("api").body()).isEqualTo("api of edge");
    assertThat(edge.pages().status())
        .contains("\"protocol\":\"v2\"", "\"id\":\"" + TestAuthority.id("core") + "\"");
  }

  @Test
  void passesTlsAsItIs() {
    Tls tls = new Tls(directory, "web.example.com");
    Backend web = backend(Backend.serving(wire -> Backend.answerAll(tls.server(wire), "in TLS")));
    TestPeer core = start(trusted("core").services(web.as("web.example.com")));
    TestPeer edge = start(trusted("edge").remotes(address(core)));
    edge.pages().awaitName("web.example.com");
    for (int i = 0; i < 20; i++) {
      Wire client = client(tls.client(Wire.connect(edge.address()), "web.example.com"));
      assertThat(client.get("web.example.com").body()).isEqualTo("in TLS");
    }
  }

  @Test
  void passesEveryByteAndHalfACloseEncrypted() {
    passes("core", "edge", "");
  }

  @Test
  void passesEveryByteAndHalfACloseWhereAllIsEncrypted() {
    passes("core", "edge", ", data_encryption: always");
  }

  private void passes(String owner, String entry, String more) {
    byte[] body = new byte[3_000_000];
    new Random(7).nextBytes(body);
    Backend web =
        backend(
            Backend.serving(
                wire -> {
                  byte[] all = wire.rest();
                  wire.send(all).fin();
                }));
    TestPeer core = start(trusted(owner).services(web.as("web")));
    TestPeer edge =
        start(
            trusted(entry)
                .section("mesh", mesh(entry, "names: [\"*\"]", more))
                .remotes(address(core)));
    edge.pages().awaitName("web");
    Wire client = client(edge);
    byte[] head = "POST / HTTP/1.1\r\nHost: web\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    client.send(head).send(body).fin();
    byte[] echoed = client.rest();
    assertThat(echoed.length).isEqualTo(head.length + body.length);
    assertThat(Arrays.copyOfRange(echoed, head.length, echoed.length)).isEqualTo(body);
  }

  @Test
  void aNameOutsideTheGrantIsRefusedByItselfAndToldToItsOwner() {
    Backend web = backend(Backend.http("hello"));
    TestPeer core = start(trusted("core", "names: [\"*.edge.example.com\"]"));
    TestPeer edge =
        start(
            trusted("edge")
                .services(web.as("a.edge.example.com"), web.as("bank.example.com"))
                .remotes(address(core)));
    core.pages().awaitName("a.edge.example.com");
    awaitStatus(edge, "{\"name\":\"bank.example.com\",\"reason\":\"name_not_allowed\"");
    assertThat(core.pages().knows("bank.example.com")).isFalse();
    assertThat(core.pages().metric(REFUSALS, "reason=\"name_not_allowed\"")).isEqualTo(1);
    assertThat(core.get("a.edge.example.com").body()).isEqualTo("hello");
    assertThat(core.get("bank.example.com").status()).isEqualTo(503);
    awaitStatus(edge, "\"subject\":\"name bank.example.com\"");
  }

  @Test
  void aNameThatIsServedHereIsNotGivenAway() {
    Backend ours = backend(Backend.http("ours"));
    Backend theirs = backend(Backend.http("theirs"));
    TestPeer core = start(trusted("core").services(ours.as("web")));
    TestPeer edge = start(trusted("edge").services(theirs.as("web")).remotes(address(core)));
    awaitStatus(edge, "{\"name\":\"web\",\"reason\":\"name_taken\"");
    assertThat(core.get("web").body()).isEqualTo("ours");
  }

  @Test
  void aStrangerIsRefusedWithItsCause() {
    TestPeer core = start(trusted("core"));
    TestAuthority other = new TestAuthority();
    TestAuthority.write(directory, "stranger", other.issue("stranger"));
    TestPeer stranger =
        start(trusted("stranger").services("web:127.0.0.1:1").remotes(address(core)));
    core.pages().awaitMetricAbove(0, REFUSALS, "reason=\"untrusted\"");
    awaitStatus(stranger, "\"state\":\"waiting\"");
    assertThat(core.pages().knows("web")).isFalse();
  }

  @Test
  void aPeerWithoutACertificateIsRefused() {
    TestPeer core = start(trusted("core"));
    TestPeer old = start(new PeerFile("old").services("web:127.0.0.1:1").remotes(address(core)));
    core.pages().awaitMetricAbove(0, REFUSALS, "reason=\"legacy_not_allowed\"");
    assertThat(core.pages().knows("web")).isFalse();
    assertThat(old.pages().status()).contains("\"direction\":\"out\"");
  }

  @Test
  void aPeerThatIsRevokedLosesItsLinkItsNamesAndItsStreams() {
    Backend web = backend(Backend.queueing());
    TestPeer core = start(trusted("core"));
    TestPeer edge = start(trusted("edge").services(web.as("web")).remotes(address(core)));
    core.pages().awaitName("web");
    Wire client = client(core);
    client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
    Wire served = web.accept();
    served.line();
    served.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegun");
    assertThat(client.line()).startsWith("HTTP/1.1 200");
    core.reconfigure(
        trusted("core")
            .section(
                "mesh",
                mesh(
                    "core",
                    "names: [\"*\"]",
                    ", revoked: [\"" + TestAuthority.id("edge") + "\"]")));
    core.pages().awaitNoName("web");
    core.pages().awaitMetricAbove(0, REFUSALS, "reason=\"revoked\"");
    assertThat(client.restText()).endsWith("begun");
    assertThat(edge.pages().knows("nothing")).isFalse();
  }

  @Test
  void aCertificateThatEndsSoonIsAProblemAndNamesWhenItEnds() {
    Instant now = Instant.now();
    TestAuthority.write(
        directory,
        "core",
        authority.issueFor(
            TestAuthority.id("core"), now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(3))));
    TestPeer core = start(trusted("core"));
    assertThat(core.pages().status())
        .contains(
            "\"mesh\":{\"id\":\"" + TestAuthority.id("core") + "\",\"certificateExpires\":\"",
            "the certificate of this peer ends at ");
  }

  @Test
  void aRenewedCertificateDropsNoStream() {
    Backend web = backend(Backend.queueing());
    TestPeer core = start(trusted("core").services(web.as("web")));
    TestPeer edge = start(trusted("edge").remotes(address(core)));
    edge.pages().awaitName("web");
    Wire client = client(edge);
    client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
    Wire served = web.accept();
    served.line();
    authority.write(directory, "edge");
    authority.write(directory, "core");
    edge.pages().awaitMetricAbove(0, "ops_proxy_config_reloads_total", "result=\"success\"");
    served.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    assertThat(client.answer().body()).isEqualTo("ok");
  }

  @Test
  void aNameThatIsTakenBackIsGoneAndANewOneIsThere() {
    Backend web = backend(Backend.http("hello"));
    TestPeer core = start(trusted("core"));
    PeerFile file = trusted("edge").services(web.as("old"), web.as("stays")).remotes(address(core));
    TestPeer edge = start(file);
    core.pages().awaitName("old");
    edge.reconfigure(file.services(web.as("new"), web.as("stays")));
    core.pages().awaitName("new");
    core.pages().awaitNoName("old");
    assertThat(core.get("stays").body()).isEqualTo("hello");
    assertThat(core.get("new").body()).isEqualTo("hello");
  }

  @Test
  void theBackendThatIsDownIsNamedAndAnotherOwnerIsTried() {
    Backend web = backend(Backend.http("of the second"));
    TestPeer core = start(trusted("core"));
    String dead = deadPort().address();
    start(trusted("first").services("web:" + dead).remotes(address(core)));
    core.pages().awaitName("web");
    assertThat(core.get("web").status()).isIn(502, 503);
    start(trusted("second").services(web.as("web")).remotes(address(core)));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> core.pages().status().contains(TestAuthority.id("second")));
    await().atMost(Duration.ofSeconds(20)).until(() -> core.get("web").status() == 200);
    for (int i = 0; i < 10; i++) {
      assertThat(core.get("web").body()).isEqualTo("of the second");
    }
  }

  @Test
  void anEncryptedDataConnectionCarriesManyStreamsOneAfterTheOther() {
    Backend web = backend(Backend.http("hello"));
    TestPeer core = start(trusted("core").services(web.as("web")));
    try (Tap tap = new Tap(core.address())) {
      TestPeer edge = start(trusted("edge").remotes(tap.address()));
      edge.pages().awaitName("web");
      for (int i = 0; i < 100; i++) {
        assertThat(edge.get("web").body()).isEqualTo("hello");
      }
      // the link, and those that wait: for each direction and kind
      assertThat(tap.accepted()).isLessThanOrEqualTo(40);
      stop(edge);
    }
  }

  @Test
  void theStateOfThePageIsTheSameWhileNothingHappens() {
    TestPeer core = start(trusted("core"));
    TestPeer edge = start(trusted("edge").remotes(address(core), "nowhere.invalid:6443"));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> edge.pages().status().contains("\"rttMillis\":"));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> edge.pages().status().contains("cannot look up"));
    String first = edge.pages().status();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !field("rttMillis", edge.pages().status()).equals(field("rttMillis", first)));
    assertThat(field("state", edge.pages().status())).isEqualTo(field("state", first));
  }

  /** The first of that name. */
  private static String field(String name, String status) {
    String from = status.substring(status.indexOf("\"" + name + "\":"));
    return from.substring(0, from.indexOf(','));
  }

  @Test
  void aDataConnectionWithATokenThatNobodyGaveIsClosed() {
    TestPeer core = start(trusted("core"));
    Wire thief = client(core);
    thief.send("JOIN:00112233445566778899aabbccddeeff:1:mine:" + "0".repeat(64) + "\n");
    assertThat(thief.rest()).isEmpty();
  }

  @Test
  void aPeersHelloIsNeverPassedOnWhereThisPeerHasNoIdentity() {
    Backend web = backend(Backend.queueing());
    TestPeer plain = start(new PeerFile("plain").services(web.as("web")));
    TestPeer edge = start(trusted("edge").remotes(address(plain)));
    plain.pages().awaitMetricAbove(0, REFUSALS, "reason=\"untrusted\"");
    assertThat(web.accepted()).isZero();
    assertThat(edge.pages().knows("web")).isFalse();
  }
}
