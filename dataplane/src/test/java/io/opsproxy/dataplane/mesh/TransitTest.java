package io.opsproxy.dataplane.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.TestAuthority;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Tls;
import io.opsproxy.dataplane.testing.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Names that come through a third peer, and streams to them. */
class TransitTest extends TrustedMesh {
  private static final String REFUSALS = "ops_proxy_mesh_refusals_total";
  private static final String ALL = "names: [\"*\"], transit: true";

  /** One that believes what others pass on, and passes on what it has learned itself. */
  private PeerFile passing(String name) {
    return passing(name, "");
  }

  private PeerFile passing(String name, String more) {
    return trusted(name).section("mesh", mesh(name, ALL, ", transit: true" + more));
  }

  private static String path(String... peers) {
    return "\"path\":["
        + String.join(",", Arrays.stream(peers).map(TransitTest::quoted).toList())
        + "]";
  }

  private static String quoted(String peer) {
    return "\"" + TestAuthority.id(peer) + "\"";
  }

  @Test
  void aNameComesThroughAThirdPeerAndSoDoItsStreams() {
    Backend web = backend(Backend.http("web of west"));
    Backend api = backend(Backend.http("api of east"));
    TestPeer hub = start(passing("hub"));
    TestPeer west = start(trusted("west", ALL).services(web.as("web")).remotes(address(hub)));
    TestPeer east = start(trusted("east", ALL).services(api.as("api")).remotes(address(hub)));
    east.pages().awaitName("web");
    west.pages().awaitName("api");
    assertThat(east.get("web").body()).isEqualTo("web of west");
    assertThat(west.get("api").body()).isEqualTo("api of east");
    awaitStatus(east, path("hub", "west"));
    assertThat(hub.get("web").body()).isEqualTo("web of west");
  }

  @Test
  void passesEveryByteAndHalfACloseThroughTwoPeersBetween() {
    byte[] body = new byte[3_000_000];
    new Random(11).nextBytes(body);
    Backend web = backend(Backend.serving(wire -> wire.send(wire.rest()).fin()));
    TestPeer one = start(passing("one"));
    TestPeer two = start(passing("two").remotes(address(one)));
    start(trusted("west", ALL).services(web.as("web")).remotes(address(one)));
    TestPeer east = start(trusted("east", ALL).remotes(address(two)));
    east.pages().awaitName("web");
    Wire client = client(east);
    byte[] head = "POST / HTTP/1.1\r\nHost: web\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    client.send(head).send(body).fin();
    byte[] echoed = client.rest();
    assertThat(echoed.length).isEqualTo(head.length + body.length);
    assertThat(Arrays.copyOfRange(echoed, head.length, echoed.length)).isEqualTo(body);
    awaitStatus(east, path("two", "one", "west"));
  }

  @Test
  void passesTlsAsItIs() {
    Tls tls = new Tls(directory, "web.example.com");
    Backend web = backend(Backend.serving(wire -> Backend.answerAll(tls.server(wire), "in TLS")));
    TestPeer hub = start(passing("hub"));
    start(trusted("west", ALL).services(web.as("web.example.com")).remotes(address(hub)));
    TestPeer east = start(trusted("east", ALL).remotes(address(hub)));
    east.pages().awaitName("web.example.com");
    for (int i = 0; i < 20; i++) {
      Wire client = client(tls.client(Wire.connect(east.address()), "web.example.com"));
      assertThat(client.get("web.example.com").body()).isEqualTo("in TLS");
    }
  }

  @Test
  void whoMayNotPassNamesOnIsNotBelieved() {
    Backend web = backend(Backend.http("web of west"));
    TestPeer hub = start(passing("hub"));
    start(trusted("west", ALL).services(web.as("web")).remotes(address(hub)));
    TestPeer east = start(trusted("east").remotes(address(hub)));
    hub.pages().awaitName("web");
    east.pages().awaitMetricAbove(0, REFUSALS, "reason=\"name_not_allowed\"");
    assertThat(east.pages().knows("web")).isFalse();
    east.reconfigure(trusted("east").section("mesh", mesh("east", ALL, "")).remotes(address(hub)));
    east.pages().awaitName("web");
    assertThat(east.get("web").body()).isEqualTo("web of west");
  }

  @Test
  void nothingIsPassedOnByAPeerThatIsNotToldTo() {
    Backend web = backend(Backend.http("web of west"));
    TestPeer hub = start(trusted("hub", ALL));
    start(trusted("west", ALL).services(web.as("web")).remotes(address(hub)));
    TestPeer east = start(trusted("east", ALL).remotes(address(hub)));
    hub.pages().awaitName("web");
    awaitStatus(east, "\"protocol\":\"v2\"");
    assertThat(east.pages().knows("web")).isFalse();
    hub.reconfigure(passing("hub"));
    east.pages().awaitName("web");
    hub.reconfigure(trusted("hub").section("mesh", mesh("hub", ALL, "")));
    east.pages().awaitNoName("web");
  }

  @Test
  void aGrantOfTheReaderBindsTheOwnerAndNotWhoPassesOn() {
    Backend web = backend(Backend.http("hello"));
    TestPeer hub = start(passing("hub"));
    start(
        trusted("west", ALL)
            .services(web.as("a.west.example.com"), web.as("bank.example.com"))
            .remotes(address(hub)));
    TestPeer east =
        start(
            trusted("east", "names: [\"*.west.example.com\"], transit: true")
                .remotes(address(hub)));
    east.pages().awaitName("a.west.example.com");
    east.pages().awaitMetricAbove(0, REFUSALS, "reason=\"name_not_allowed\"");
    assertThat(east.pages().knows("bank.example.com")).isFalse();
    assertThat(hub.get("bank.example.com").body()).isEqualTo("hello");
  }

  @Test
  void aNameThatIsTakenBackIsGoneEverywhereAndSoIsThatOfALostPeer() {
    Backend web = backend(Backend.http("hello"));
    TestPeer hub = start(passing("hub"));
    PeerFile file =
        trusted("west", ALL).services(web.as("old"), web.as("stays")).remotes(address(hub));
    TestPeer west = start(file);
    TestPeer east = start(trusted("east", ALL).remotes(address(hub)));
    east.pages().awaitName("old");
    west.reconfigure(file.services(web.as("stays")));
    east.pages().awaitNoName("old");
    assertThat(east.get("stays").body()).isEqualTo("hello");
    stop(west);
    east.pages().awaitNoName("stays");
  }

  @Test
  void theNextWayIsTakenWhenOneIsGoneAndNothingGoesInCircles() {
    Backend web = backend(Backend.http("web of west"));
    TestPeer one = start(passing("one"));
    TestPeer two = start(passing("two").remotes(address(one)));
    TestPeer three = start(passing("three").remotes(address(one), address(two)));
    TestPeer west =
        start(trusted("west", ALL).services(web.as("web")).remotes(address(one), address(two)));
    awaitStatus(three, path("one", "west"));
    awaitStatus(three, path("two", "west"));
    assertThat(three.get("web").body()).isEqualTo("web of west");
    stop(one);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !three.pages().status().contains(path("one", "west")));
    for (int i = 0; i < 10; i++) {
      assertThat(three.get("web").body()).isEqualTo("web of west");
    }
    stop(west);
    three.pages().awaitNoName("web");
    two.pages().awaitNoName("web");
  }

  @Test
  void aRevokedOwnerLosesItsNamesAndItsStreamsBehindAnotherPeer() {
    Backend web = backend(Backend.queueing());
    Backend other = backend(Backend.http("of hub"));
    TestPeer hub = start(passing("hub").services(other.as("other")));
    start(trusted("west", ALL).services(web.as("web")).remotes(address(hub)));
    PeerFile file = trusted("east", ALL).remotes(address(hub));
    TestPeer east = start(file);
    east.pages().awaitName("web");
    Wire client = client(east);
    client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
    Wire served = web.accept();
    served.line();
    served.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegun");
    assertThat(client.line()).startsWith("HTTP/1.1 200");
    east.reconfigure(
        file.section("mesh", mesh("east", ALL, ", revoked: [" + quoted("west") + "]")));
    east.pages().awaitNoName("web");
    assertThat(client.restText()).endsWith("begun");
    assertThat(east.get("other").body()).isEqualTo("of hub");
  }

  @Test
  void aDirectLinkIsPreferredAndTheWayThroughOthersIsForWhenItIsGone() {
    Backend web = backend(Backend.http("web of west"));
    TestPeer hub = start(passing("hub"));
    TestPeer west = start(trusted("west", ALL).services(web.as("web")).remotes(address(hub)));
    PeerFile file = trusted("east", ALL);
    TestPeer east = start(file.remotes(address(hub), address(west)));
    awaitStatus(east, path("hub", "west"));
    awaitStatus(east, path("west"));
    for (int i = 0; i < 10; i++) {
      assertThat(east.get("web").body()).isEqualTo("web of west");
    }
    assertThat(hub.pages().metric("ops_proxy_forward_success_total", "name=\"web\"")).isZero();
    east.reconfigure(file.remotes(address(hub)));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> !east.pages().status().contains(path("west")));
    assertThat(east.get("web").body()).isEqualTo("web of west");
  }
}
