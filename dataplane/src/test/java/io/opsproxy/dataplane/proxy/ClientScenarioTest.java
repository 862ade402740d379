package io.opsproxy.dataplane.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.DeadPort;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Tls;
import io.opsproxy.dataplane.testing.Wire;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients get, over real sockets: routed, refused in their own language, or closed. */
class ClientScenarioTest extends Scenario {
  private static final byte[] UNRECOGNIZED_NAME = {0x15, 3, 3, 0, 2, 2, 112};
  private static final byte[] DECODE_ERROR = {0x15, 3, 3, 0, 2, 2, 50};
  private static final String ERRORS = "ops_proxy_proxy_errors_total";
  private final Backend web = backend(Backend.http("web"));

  private PeerFile file() {
    return new PeerFile("ours").services(web.as("web"));
  }

  private static double errors(TestPeer peer, String reason) {
    return peer.pages().metric(ERRORS, "reason=\"" + reason + "\"");
  }

  // HTTP

  @Test
  void routesHttpByHostOverOneConnection() {
    TestPeer peer = start(file());
    Wire client = client(peer);
    assertThat(client.get("web").body()).isEqualTo("web");
    assertThat(client.get("WEB:6443").body()).isEqualTo("web");
    assertThat(peer.pages().metric("ops_proxy_connections_total", "client_name=\"web\""))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROPFIND / HTTP/1.1\r\nhost: web\r\n\r\n",
        "PUT http://web/x HTTP/1.1\r\nHost: other\r\n\r\n",
        "GET / HTTP/1.0\r\nX: y\r\nHOST:   web   \r\n\r\n",
      })
  void routesAnyRequestThatNamesItsHost(String request) {
    TestPeer peer = start(file());
    assertThat(client(peer).drip(request).answer().body()).isEqualTo("web");
  }

  @Test
  void saysThatANameIsUnknown() {
    TestPeer peer = start(file());
    Wire client = client(peer);
    Wire.Answer answer = client.get("nobody.example.com");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("Service not available: nobody.example.com\n");
    assertThat(client.rest()).isEmpty();
    assertThat(errors(peer, "no_client")).isEqualTo(1);
    assertThat(peer.pages().metric("ops_proxy_requests_failed_total")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: web\r\nHost: web\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: web\r\nhost: other\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: we b\r\n\r\n",
        "GET / HTTP/1.1\nHost: web\n\n",
        "GET / HTTP/1.1\r\nHost: web\r\nbroken\r\n\r\n",
        "CONNECT web HTTP/1.1\r\nHost: web\r\n\r\n",
      })
  void refusesHttpThatBreaksItsRules(String request) {
    TestPeer peer = start(file().section("proxy", "{default_service: web}"));
    Wire client = client(peer).send(request);
    assertThat(client.answer().status()).isEqualTo(400);
    assertThat(client.rest()).isEmpty();
    assertThat(web.accepted()).as("the default route is not for broken requests").isZero();
    assertThat(errors(peer, "malformed")).isEqualTo(1);
  }

  @Test
  void namesTheServiceAndTheCauseWhenNoEndpointConnects() {
    DeadPort dead = deadPort();
    TestPeer peer = start(file().services("gone:" + dead.address()));
    Wire.Answer answer = peer.get("gone");
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body())
        .contains("gone")
        .contains(dead.address())
        .contains("connection refused");
    assertThat(errors(peer, "backend_dial_error")).isEqualTo(1);
    assertThat(peer.pages().status()).contains("\"healthy\":false");
  }

  @Test
  void namesTheCauseWhenABackendSaysNothingAtAll() {
    Backend mute = backend(Backend.serving(Wire::line));
    TestPeer peer = start(file().services(mute.as("mute")));
    Wire.Answer answer = peer.get("mute");
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body()).contains("mute").contains("without an answer");
  }

  @Test
  void asksAClientOfHttp2ToComeBackWithHttp1() {
    TestPeer peer = start(file());
    Wire client = client(peer).send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    byte[] frames = client.rest();
    assertThat(Arrays.copyOf(frames, 9)).as("SETTINGS").containsExactly(0, 0, 0, 4, 0, 0, 0, 0, 0);
    assertThat(frames[9 + 3]).as("GOAWAY").isEqualTo((byte) 7);
    assertThat(frames[frames.length - 1]).as("HTTP_1_1_REQUIRED").isEqualTo((byte) 0x0d);
  }

  // CONNECT

  private static String connect(String target) {
    return "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n";
  }

  @Test
  void tunnelsConnectToARoutedName() {
    TestPeer peer = start(file());
    Wire client = client(peer).send("CONNECT web:443 HTTP/1.1\r\nHost: web:443\r\n\r\n");
    assertThat(client.line()).isEqualTo("HTTP/1.1 200 Connection Established\r");
    assertThat(client.line()).isEqualTo("\r");
    assertThat(client.get("anything").body()).as("a direct tunnel").isEqualTo("web");
  }

  @Test
  void tunnelsConnectWithBytesThatDidNotWaitForTheAnswer() {
    TestPeer peer = start(file());
    Wire client =
        client(peer)
            .send(
                "CONNECT web:443 HTTP/1.1\r\nHost: web:443\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
    assertThat(client.line()).isEqualTo("HTTP/1.1 200 Connection Established\r");
    assertThat(client.line()).isEqualTo("\r");
    assertThat(client.answer().body()).isEqualTo("web");
  }

  @Test
  void tunnelsConnectToWhatTheAccessListAllowsAndNowhereElse() {
    Backend other = backend(Backend.http("other"));
    String list =
        "{connect: [\"127.0.0.1:"
            + web.port()
            + "\", \"localhost:"
            + other.port()
            + "\", \"*.localhost:*\"]}";
    TestPeer peer = start(file().section("access", list));
    for (String target : new String[] {web.address(), "localhost:" + other.port()}) {
      Wire client = client(peer).send(connect(target));
      assertThat(client.line()).as(target).isEqualTo("HTTP/1.1 200 Connection Established\r");
      client.line();
      assertThat(client.get("x").status()).isEqualTo(200);
    }
    for (String target : new String[] {other.address(), "localhost:" + web.port(), "10.0.0.1:22"}) {
      Wire.Answer answer = client(peer).send(connect(target)).answer();
      assertThat(answer.status()).as(target).isEqualTo(403);
      assertThat(answer.body()).contains(target);
    }
    Wire.Answer wildcard = client(peer).send(connect("a.localhost:" + web.port())).answer();
    assertThat(wildcard.status()).as("a wildcard never reaches this machine").isEqualTo(502);
    assertThat(errors(peer, "connect_denied")).isEqualTo(3);
  }

  // TLS

  @Test
  void passesTlsThroughUntouched() {
    Tls tls = new Tls(directory, "secure.example.com", "other.example.com");
    Backend secure =
        backend(Backend.serving(wire -> Backend.answerAll(tls.server(wire), "secure")));
    TestPeer peer = start(file().services(secure.as("*.example.com")));
    Wire client = tls.client(client(peer), "secure.example.com");
    assertThat(client.get("x").body()).isEqualTo("secure");
    assertThat(tls.client(client(peer), "OTHER.example.com").get("x").body()).isEqualTo("secure");
    client.close();
    assertThat(peer.pages().metric("ops_proxy_requests_total", "protocol=\"https\"")).isEqualTo(2);
  }

  @Test
  void sendsTheAlertUnrecognizedNameForAnUnknownOrAMissingName() {
    TestPeer peer = start(file());
    assertThat(client(peer).send(Tls.hello("nobody.example.com")).rest())
        .isEqualTo(UNRECOGNIZED_NAME);
    assertThat(client(peer).send(Tls.hello(null)).rest()).isEqualTo(UNRECOGNIZED_NAME);
    assertThat(errors(peer, "no_client")).isEqualTo(2);
  }

  @Test
  void tlsWithoutANameTakesTheDefaultRouteAndAnUnknownNameDoesNot() {
    Tls tls = new Tls(directory, "localhost");
    Backend secure =
        backend(Backend.serving(wire -> Backend.answerAll(tls.server(wire), "secure")));
    TestPeer peer =
        start(
            file().services(secure.as("fallback")).section("proxy", "{default_service: fallback}"));
    byte[] answer = client(peer).send(Tls.hello(null)).bytes(1);
    assertThat(answer[0]).as("a handshake record of the backend").isEqualTo((byte) 0x16);
    assertThat(client(peer).send(Tls.hello("nobody.example.com")).rest())
        .isEqualTo(UNRECOGNIZED_NAME);
  }

  @Test
  void refusesBrokenTlsEvenWithADefaultRoute() {
    TestPeer peer = start(file().section("proxy", "{default_service: web}"));
    byte[] hello = Tls.hello("web");
    hello[5] = 99;
    assertThat(client(peer).send(hello).rest()).isEqualTo(DECODE_ERROR);
    assertThat(web.accepted()).isZero();
  }

  @Test
  void sendsAnAlertWhenTheBackendOfATlsClientIsDown() {
    TestPeer peer = start(file().services("gone.example.com:" + deadPort().address()));
    assertThat(client(peer).send(Tls.hello("gone.example.com")).rest())
        .containsExactly(0x15, 3, 3, 0, 2, 2, 80);
  }

  // other protocols

  @Test
  void unknownBytesTakeTheDefaultRouteOrAreClosed() {
    Backend echo = backend(Backend.serving(wire -> wire.send(wire.bytes(6))));
    TestPeer peer =
        start(file().services(echo.as("echo")).section("proxy", "{default_service: echo}"));
    assertThat(client(peer).send("\0\1\2abc").text(6)).isEqualTo("\0\1\2abc");
    TestPeer without = start(file());
    assertThat(client(without).send("\0\1\2abc").rest()).isEmpty();
  }

  @Test
  void aServerThatSpeaksFirstIsReachedWhenTheClientStaysSilent() {
    Backend greeter = backend(Backend.serving(wire -> wire.send("220 hello\n").line()));
    TestPeer peer =
        start(
            file()
                .services(greeter.as("smtp"), web.as("web"))
                .section("proxy", "{default_service: smtp, detect_timeout: 200ms}"));
    assertThat(client(peer).line()).isEqualTo("220 hello");
    assertThat(peer.get("web").body()).isEqualTo("web");
  }

  @Test
  void aListenerWithAFixedRouteReadsNothing() {
    Backend greeter = backend(Backend.serving(wire -> wire.send("220 hello\n").line()));
    TestPeer peer =
        start(
            file()
                .services(greeter.as("smtp"), web.as("web"))
                .section("listeners", "[{name: mail, address: \"127.0.0.3:0\", service: smtp}]"));
    assertThat(client(peer.address("mail")).line()).isEqualTo("220 hello");
    Wire http = client(peer.address("mail")).send("GET / HTTP/1.1\r\nHost: web\r\n\r\n");
    assertThat(http.line()).isEqualTo("220 hello");
    Wire register = client(peer.address("mail")).send("REGISTER:a:127.0.0.1:1\n");
    assertThat(register.line()).isEqualTo("220 hello");
    assertThat(peer.pages().knows("a")).isFalse();
  }

  @Test
  void aFixedRouteDoesNotWaitForeverForAHeaderOfATrustedSource() {
    Backend greeter = backend(Backend.serving(wire -> wire.send("220 hello\n").line()));
    TestPeer peer =
        start(
            file()
                .services(greeter.as("smtp"))
                .section("access", "{trusted_proxies: [127.0.0.0/8]}")
                .section(
                    "listeners",
                    "[{name: mail, address: \"127.0.0.3:0\", service: smtp, detect_timeout: 200ms}]"));
    assertThat(client(peer.address("mail")).line()).isEqualTo("220 hello");
  }

  // PROXY header

  @Test
  void believesAProxyHeaderOfATrustedSourceOnly() {
    TestPeer peer = start(file().section("access", "{trusted_proxies: [127.0.0.2/32]}"));
    String header = "PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\r\n";
    Wire trusted = client(Wire.connect("127.0.0.2", peer.address()));
    assertThat(trusted.send(header).get("web").body()).isEqualTo("web");
    Wire dripping = client(Wire.connect("127.0.0.2", peer.address())).drip(header);
    assertThat(dripping.get("web").body()).isEqualTo("web");
    assertThat(client(peer).send(header + "GET / HTTP/1.1\r\nHost: web\r\n\r\n").rest()).isEmpty();
    Wire broken = client(Wire.connect("127.0.0.2", peer.address()));
    assertThat(broken.send("PROXY TCP4 nonsense\r\n").rest()).isEmpty();
    assertThat(errors(peer, "proxy_header_denied")).isEqualTo(2);
  }

  private TestPeer startWithHeaders(String rule, String access) {
    return start(
        file()
            .section("access", access)
            .section(
                "listeners",
                "[{name: fixed, address: \"127.0.0.3:0\", service: web, detect_timeout: 100ms,"
                    + " proxy_header: "
                    + rule
                    + "}, {name: named, address: \"127.0.0.3:0\", detect_timeout: 100ms,"
                    + " default_service: web, proxy_header: "
                    + rule
                    + "}]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fixed", "named"})
  void aListenerThatRequiresAHeaderServesNobodyWithout(String listener) {
    TestPeer peer = startWithHeaders("required", "{}");
    String header = "PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\r\n";
    assertThat(client(peer.address(listener)).send(header).get("web").body()).isEqualTo("web");
    assertThat(client(peer.address(listener)).drip(header).get("web").body()).isEqualTo("web");
    Wire without = client(peer.address(listener));
    assertThat(without.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n").rest()).isEmpty();
    assertThat(errors(peer, "proxy_header_denied")).isEqualTo(1);
    Wire silent = client(peer.address(listener));
    assertThat(silent.isSilentFor(400)).isTrue();
    assertThat(silent.send(header).get("web").body()).isEqualTo("web");
    assertThat(client(peer).get("web").body()).as("another listener").isEqualTo("web");
  }

  @Test
  void aRequiredHeaderIsBelievedFromTrustedProxiesAloneWhereSomeAreNamed() {
    TestPeer peer = startWithHeaders("required", "{trusted_proxies: [127.0.0.2/32]}");
    String header = "PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\r\n";
    Wire trusted = client(Wire.connect("127.0.0.2", peer.address("fixed")));
    assertThat(trusted.send(header).get("web").body()).isEqualTo("web");
    assertThat(client(peer.address("fixed")).send(header).rest()).isEmpty();
  }

  @Test
  void anOptionalHeaderMayBeLeftOut() {
    TestPeer peer = startWithHeaders("optional", "{}");
    String header = "PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\r\n";
    for (String listener : new String[] {"fixed", "named"}) {
      assertThat(client(peer.address(listener)).send(header).get("web").body()).isEqualTo("web");
      assertThat(client(peer.address(listener)).get("web").body()).isEqualTo("web");
    }
  }

  @Test
  void countsTheAddressInAProxyHeaderAsTheSource() {
    TestPeer peer =
        start(
            file()
                .section("access", "{trusted_proxies: [127.0.0.1/32]}")
                .section("limits", "{max_connections_per_source: 1}"));
    Wire first = client(peer).send("PROXY TCP4 192.0.2.1 192.0.2.9 1 2\r\n");
    assertThat(first.get("web").status()).isEqualTo(200);
    Wire other = client(peer).send("PROXY TCP4 192.0.2.2 192.0.2.9 1 2\r\n");
    assertThat(other.get("web").status()).isEqualTo(200);
    Wire again = client(peer).send("PROXY TCP4 192.0.2.1 192.0.2.9 3 2\r\n");
    assertThat(again.get("web").status()).isEqualTo(503);
  }

  @Test
  void aProxyHeaderDoesNotMakeSomeoneAPeer() {
    TestPeer peer =
        start(
            file()
                .section("access", "{trusted_proxies: [127.0.0.1/32]}")
                .section("mesh", "{legacy_peers: [192.0.2.0/24]}"));
    Wire client =
        client(peer).send("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nREGISTER:a:127.0.0.1:1\n");
    assertThat(client.rest()).isEmpty();
    assertThat(errors(peer, "peer_denied")).isEqualTo(1);
  }

  // time

  @Test
  void closesAClientThatDripsItsHeadForTooLong() {
    TestPeer peer = start(file().section("proxy", "{read_timeout: 600ms}"));
    Wire client = client(peer).send("GET / HTTP/1.1\r\nHost: web\r\nX: ");
    long start = System.nanoTime();
    try {
      while (System.nanoTime() - start < 15_000_000_000L) {
        client.send("x");
        if (!client.isSilentFor(20)) {
          break;
        }
      }
    } catch (java.io.UncheckedIOException closed) {
      // as it should be
    }
    assertThat(System.nanoTime() - start).isLessThan(15_000_000_000L);
    assertThat(errors(peer, "detect_timeout")).isEqualTo(1);
  }

  // upstream

  @Test
  void triesTheOtherEndpointsOfANameOnceEach() {
    TestPeer peer =
        start(
            file()
                .services()
                .section(
                    "services",
                    "[{name: web, endpoints: [\""
                        + deadPort().address()
                        + "\", \""
                        + web.address()
                        + "\"]}]"));
    for (int i = 0; i < 10; i++) {
      assertThat(peer.get("web").body()).isEqualTo("web");
    }
    assertThat(web.accepted()).isEqualTo(10);
    assertThat(errors(peer, "backend_dial_error")).as("no client failed").isZero();
  }

  @Test
  void keepsTheBytesOfAClientThatDoesNotWait() {
    Backend slow = backend(Backend.queueing());
    TestPeer peer = start(file().services(slow.as("slow")));
    byte[] body = new byte[3 * 1024 * 1024];
    new Random(3).nextBytes(body);
    String head = "POST / HTTP/1.1\r\nHost: slow\r\nContent-Length: " + body.length + "\r\n\r\n";
    Wire client = client(peer);
    Thread sender = new Thread(() -> client.send(head).send(body).fin());
    sender.start();
    Wire backend = client(slow.accept());
    assertThat(backend.text(head.length())).isEqualTo(head);
    assertThat(backend.bytes(body.length)).isEqualTo(body);
    assertThat(backend.rest()).isEmpty();
    backend.send(body).fin();
    assertThat(client.rest()).isEqualTo(body);
  }

  @Test
  void passesAResetOn() {
    Backend backend = backend(Backend.queueing());
    TestPeer peer = start(file().services(backend.as("raw")));
    Wire client = client(peer).send("GET / HTTP/1.1\r\nHost: raw\r\n\r\n");
    Wire accepted = client(backend.accept());
    accepted.line();
    accepted.send("x");
    assertThat(client.text(1)).isEqualTo("x");
    client.rst();
    accepted.rest();
    peer.pages().awaitIdle();
  }
}
