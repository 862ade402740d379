package io.opsproxy.dataplane.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.relay.FullBacklog;
import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.ScriptedPeer;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Wire;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Two real peers and what can go wrong between them: the client hears the cause, in time. */
class TunnelTimeTest extends Scenario {
  private static String address(TestPeer peer) {
    return "127.0.0.1:" + peer.address().getPort();
  }

  @Test
  void anEndpointThatHangsDoesNotCostTheTunnel() throws IOException {
    Backend good = backend(Backend.http("good"));
    try (FullBacklog hangs = new FullBacklog()) {
      TestPeer edge = start(new PeerFile("edge"));
      String endpoints =
          "[{name: web, endpoints: [{address: \"%s\"}, {address: \"%s\"}]}]"
              .formatted(BindAddress.text(hangs.address()), good.address());
      start(new PeerFile("core").remotes(address(edge)).section("services", endpoints));
      edge.pages().awaitName("web");
      for (int i = 0; i < 2; i++) {
        assertThat(edge.get("web").body()).isEqualTo("good");
      }
    }
  }

  @Test
  void aBackendThatHangsIsToldBeforeTheRequesterGivesUp() throws IOException {
    try (FullBacklog hangs = new FullBacklog()) {
      TestPeer edge = start(new PeerFile("edge").set("connection_timeout", "2s"));
      start(
          new PeerFile("core")
              .set("connection_timeout", "2s")
              .remotes(address(edge))
              .services("web:" + BindAddress.text(hangs.address())));
      edge.pages().awaitName("web");
      Wire.Answer answer = edge.get("web");
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.body()).contains("core").contains("no answer within 1");
    }
  }

  @Test
  void aPeerThatCannotBeDialledReadsWhichAddressAndWhichKey() {
    Backend web = backend(Backend.http("web"));
    TestPeer owner = start(new PeerFile("owner").services(web.as("web")));
    String dead = deadPort().address();
    TestPeer asking =
        start(
            new PeerFile("asking")
                .remotes(address(owner))
                .set("local_peer_addr", "\"" + dead + "\""));
    asking.pages().awaitName("web");
    Wire.Answer answer = asking.get("web");
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body())
        .contains("owner")
        .contains(dead)
        .contains("its own address")
        .contains("peer.local_peer_addr")
        .contains("connection refused");
    assertThat(asking.pages().metric("ops_proxy_proxy_errors_total", "reason=\"data_dial_error\""))
        .isEqualTo(1);
  }

  @Test
  void aRemoteThatIsNoPeerIsCalledSo() {
    ScriptedPeer web = scripted("web server");
    TestPeer peer = start(new PeerFile("ours").services("a:127.0.0.1:1").remotes(web.address()));
    Wire control = web.accept();
    assertThat(control.line()).startsWith("REGISTER:");
    control.send("HTTP/1.1 400 Bad Request\r\n\r\n").close();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> peer.pages().status().contains("is this the port of a peer?"));
  }
}
