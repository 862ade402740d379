package io.opsproxy.dataplane.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Tls;
import io.opsproxy.dataplane.testing.Wire;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many clients are let in, and who has to go when there are too many. */
class LimitsTest extends Scenario {
  private final Backend web = backend(Backend.http("web"));
  private final Backend api = backend(Backend.http("api"));

  private TestPeer peer(String limits) {
    return start(
        new PeerFile("ours")
            .services(web.as("web"), api.as("api"))
            .section("proxy", "{threads: 1}")
            .section("limits", limits));
  }

  private void assertRefused(TestPeer peer, String name, String words) {
    Wire.Answer answer = peer.get(name);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains(name).contains(words);
    assertThat(peer.pages().metric("ops_proxy_proxy_errors_total", "reason=\"limit\""))
        .isPositive();
  }

  @Test
  void connectionsInAll() {
    TestPeer peer = peer("{max_connections: 2}");
    Wire first = client(peer);
    assertThat(first.get("web").status()).isEqualTo(200);
    assertThat(client(peer).get("api").status()).isEqualTo(200);
    assertRefused(peer, "web", "limit of 2 connections");
    assertThat(client(peer).send(Tls.hello("web")).rest()).containsExactly(0x15, 3, 3, 0, 2, 2, 80);
    first.close();
    peer.pages().awaitMetric(1, "ops_proxy_connections_active");
    assertThat(peer.get("web").status()).isEqualTo(200);
  }

  @Test
  void connectionsOfOneSource() {
    TestPeer peer = peer("{max_connections_per_source: 1}");
    assertThat(client(peer).get("web").status()).isEqualTo(200);
    assertRefused(peer, "web", "from this address");
    assertThat(client(Wire.connect("127.0.0.2", peer.address())).get("web").status())
        .isEqualTo(200);
  }

  @Test
  void connectionsToOneName() {
    TestPeer peer = peer("{max_connections_per_name: 1}");
    assertThat(client(peer).get("web").status()).isEqualTo(200);
    assertRefused(peer, "web", "to this name");
    assertThat(client(peer).get("api").status()).isEqualTo(200);
  }

  @Test
  void aReloadChangesThem() {
    PeerFile file =
        new PeerFile("ours").services(web.as("web")).section("limits", "{max_connections: 1}");
    TestPeer peer = start(file);
    assertThat(client(peer).get("web").status()).isEqualTo(200);
    assertRefused(peer, "web", "limit of 1");
    peer.reconfigure(file.section("limits", "{max_connections: 5}"));
    peer.pages().awaitMetric(1, "ops_proxy_config_reloads_total", "result=\"success\"");
    assertThat(peer.get("web").status()).isEqualTo(200);
  }

  @Test
  void theOldestUndecidedConnectionGoesForANewerOne() {
    TestPeer peer = peer("{max_sniffing: 3}");
    List<Wire> silent = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      silent.add(client(peer));
      peer.pages().awaitMetric(i, "ops_proxy_connections_sniffing");
    }
    assertThat(peer.get("web").status()).isEqualTo(200);
    assertThat(silent.get(0).rest()).isEmpty();
    assertThat(silent.get(1).get("web").status()).as("the others are not touched").isEqualTo(200);
    assertThat(silent.get(2).get("web").status()).isEqualTo(200);
    assertThat(peer.pages().metric("ops_proxy_proxy_errors_total", "reason=\"shed\"")).isEqualTo(1);
  }

  @Test
  void aSourceWithTooManyUndecidedConnectionsLosesItsOwn() {
    TestPeer peer = peer("{max_sniffing_per_source: 2}");
    Wire other = client(Wire.connect("127.0.0.2", peer.address()));
    peer.pages().awaitMetric(1, "ops_proxy_connections_sniffing");
    Wire first = client(peer);
    peer.pages().awaitMetric(2, "ops_proxy_connections_sniffing");
    Wire second = client(peer);
    peer.pages().awaitMetric(3, "ops_proxy_connections_sniffing");
    assertThat(client(peer).get("web").status()).isEqualTo(200);
    assertThat(first.rest()).isEmpty();
    assertThat(second.get("web").status()).isEqualTo(200);
    assertThat(other.get("web").status()).isEqualTo(200);
  }
}
