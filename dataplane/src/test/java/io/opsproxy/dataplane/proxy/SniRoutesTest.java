package io.opsproxy.dataplane.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Tls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A listener that sends connections to services by their server name. */
class SniRoutesTest extends Scenario {
  private static final byte[] UNRECOGNIZED_NAME = {21, 3, 3, 0, 2, 2, 112};
  private static final byte[] DECODE_ERROR = {21, 3, 3, 0, 2, 2, 50};
  private static final String ROUTES =
      "sni_routes: [{server_names: [a.example.com], service: a}, {server_names: ['*.example.com',"
          + " '*.b.example.com'], service: b}, {server_names: ['*.c.example.com'], service: c}]";
  private final Backend rest = backend(Backend.queueing());
  private Tls tls;
  private Backend a;
  private Backend b;
  private Backend c;

  @BeforeEach
  void servers() {
    tls = new Tls(directory, "a.example.com", "*.example.com", "*.c.example.com", "elsewhere");
    a = secured("a");
    b = secured("b");
    c = secured("c");
  }

  private Backend secured(String body) {
    return backend(Backend.serving(wire -> Backend.answerAll(tls.server(wire), body)));
  }

  private PeerFile file(String listener) {
    return new PeerFile("edge")
        .services(a.as("a"), b.as("b"), c.as("c"), a.as("elsewhere"), rest.as("rest"))
        .section("listeners", "[{name: tls, address: '127.0.0.1:0', " + listener + "}]");
  }

  private String served(TestPeer peer, String name) {
    tls.forgetSessions();
    return tls.client(client(peer.address("tls")), name).get("x").body();
  }

  private byte[] refusal(TestPeer peer, byte[] hello) {
    return client(peer.address("tls")).send(hello).rest();
  }

  @Test
  void theLongestNameDecides() {
    TestPeer peer = start(file(ROUTES));
    assertThat(served(peer, "a.example.com")).isEqualTo("a");
    assertThat(served(peer, "A.Example.com")).isEqualTo("a");
    assertThat(served(peer, "x.example.com")).isEqualTo("b");
    assertThat(served(peer, "x.c.example.com")).isEqualTo("c");
  }

  /** The peer serves them elsewhere; this listener has its own names only. */
  @Test
  void whatNoRouteNamesIsRefusedWithoutADefault() {
    TestPeer peer = start(file(ROUTES));
    assertThat(refusal(peer, Tls.hello("elsewhere"))).isEqualTo(UNRECOGNIZED_NAME);
    assertThat(refusal(peer, Tls.hello("example.com"))).isEqualTo(UNRECOGNIZED_NAME);
    assertThat(refusal(peer, Tls.hello(null))).isEqualTo(UNRECOGNIZED_NAME);
    assertThat(client(peer.address("tls")).get("a").status()).isEqualTo(503);
  }

  @Test
  void whatNoRouteNamesGoesToTheDefaultService() {
    TestPeer peer = start(file(ROUTES + ", default_service: rest"));
    assertThat(served(peer, "a.example.com")).isEqualTo("a");
    for (byte[] first :
        List.of(
            Tls.hello("elsewhere"),
            Tls.hello(null),
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
            "SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII))) {
      client(peer.address("tls")).send(first);
      assertThat(client(rest.accept()).bytes(first.length)).isEqualTo(first);
    }
  }

  @Test
  void brokenTlsIsRefusedEvenWithADefaultService() {
    TestPeer peer = start(file(ROUTES + ", default_service: rest"));
    byte[] hello = Tls.hello("a.example.com");
    hello[5] = 99;
    assertThat(refusal(peer, hello)).isEqualTo(DECODE_ERROR);
    assertThat(rest.accepted()).isZero();
  }

  @Test
  void routesChangeWithTheFile() {
    TestPeer peer = start(file(ROUTES));
    assertThat(served(peer, "x.example.com")).isEqualTo("b");
    peer.reconfigure(file(ROUTES.replace("service: b", "service: c")));
    await().atMost(Duration.ofSeconds(20)).until(() -> served(peer, "x.example.com").equals("c"));
    assertThat(served(peer, "a.example.com")).isEqualTo("a");
  }
}
