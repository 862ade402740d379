package io.opsproxy.dataplane.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.ScriptedPeer;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Wire;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A peer that changes its names without end is its own misfortune. */
@Tag("pressure")
class NameChurnTest extends Scenario {
  private static final String CLOSED = "ops_proxy_peer_links_closed_total";

  @Test
  void othersAreServedMeanwhileAndItsLinkIsCut() throws Exception {
    Backend local = backend(Backend.http("local"));
    TestPeer peer =
        start(new PeerFile("ours").services(local.as("web")).section("proxy", "{threads: 2}"));
    ScriptedPeer crowd = scripted("crowd");
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < 3_900; i++) {
      names.append(i == 0 ? "" : ",").append("name-").append(i).append(":127.0.0.1:1");
      if (names.length() > 50_000) {
        crowd.register(peer, names.toString());
        names.setLength(0);
      }
    }
    crowd.register(peer, names.append(",last:127.0.0.1:1").toString().replaceFirst("^,", ""));
    peer.pages().awaitName("name-3899");
    for (int i = 0; i < 2; i++) {
      Wire churning = scripted("churn" + i).register(peer, "churn" + i + ":127.0.0.1:1");
      String change = "SYNC:x:1\nSYNC:y:1\n";
      new Thread(() -> send(churning, change.repeat(2_000))).start();
    }
    await().until(() -> peer.pages().knows("x") || peer.pages().knows("y"));
    for (int i = 0; i < 8; i++) {
      Wire client = client(peer);
      client.socket().setSoTimeout(2_000);
      assertThat(client.get("web").body()).isEqualTo("local");
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> peer.pages().metric(CLOSED, "reason=\"names_churn\"") == 2);
    assertThat(peer.pages().knows("name-3899")).isTrue();
    peer.pages().awaitNoName("x");
  }

  private static void send(Wire wire, String text) {
    try {
      wire.send(text);
    } catch (java.io.UncheckedIOException e) {
      // cut
    }
  }
}
