package io.opsproxy.dataplane.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Wire;
import org.junit.jupiter.api.Test;

/** Endpoints that lead back: the client is told, and nothing goes round and round. */
class LoopTest extends Scenario {
  private final Backend web = backend(Backend.http("web"));

  private static void assertTold(TestPeer peer, String name) {
    Wire.Answer answer = peer.get(name);
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body()).contains(name).contains("a loop");
    peer.pages().awaitIdle();
  }

  @Test
  void anEndpointThatIsThisPeerItself() {
    PeerFile file = new PeerFile("ours").services(web.as("web"));
    TestPeer peer = start(file);
    int port = peer.address().getPort();
    peer.reconfigure(
        file.services(web.as("web"), "self:127.0.0.1:" + port, "name:localhost:" + port));
    peer.pages().awaitName("self");
    assertTold(peer, "self");
    assertTold(peer, "name");
    assertThat(peer.get("web").body()).isEqualTo("web");
  }

  @Test
  void anEndpointThatIsThePeerWhichAsks() {
    TestPeer entry = start(new PeerFile("entry"));
    String address = "127.0.0.1:" + entry.address().getPort();
    TestPeer owner =
        start(new PeerFile("owner").services(web.as("web"), "app:" + address).remotes(address));
    entry.pages().awaitName("app");
    assertTold(entry, "app");
    assertThat(entry.get("web").body()).isEqualTo("web");
    assertThat(owner.pages().metric("ops_proxy_client_forwards_failed_total", "forward_refused"))
        .isEqualTo(1);
  }
}
