package io.opsproxy.dataplane.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Wire;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Listeners and services that come and go while the peer runs. */
class ListenerReloadTest extends Scenario {
  private static final String RELOADS = "ops_proxy_config_reloads_total";
  private final Backend web = backend(Backend.http("web"));
  private final Backend api = backend(Backend.http("api"));
  private final PeerFile file = new PeerFile("ours").services(web.as("web"), api.as("api"));

  private static String edge(String address, String service) {
    return "[{name: edge, address: \"" + address + "\", service: " + service + "}]";
  }

  @Test
  void aListenerComesChangesItsRouteAndGoes() {
    TestPeer peer = start(file);
    peer.reconfigure(file.section("listeners", edge("127.0.0.3:0", "web")));
    peer.pages().awaitMetric(1, RELOADS, "result=\"success\"");
    InetSocketAddress address = peer.address("edge");
    Wire old = client(address);
    assertThat(old.get("x").body()).isEqualTo("web");
    peer.reconfigure(file.section("listeners", edge("127.0.0.3:0", "api")));
    peer.pages().awaitMetric(2, RELOADS, "result=\"success\"");
    assertThat(client(address).get("x").body()).isEqualTo("api");
    peer.reconfigure(file.section("listeners", "[]"));
    peer.pages().awaitMetric(3, RELOADS, "result=\"success\"");
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> client(address))
        .hasRootCauseInstanceOf(java.net.ConnectException.class);
    assertThat(old.get("x").body()).as("a running connection is not touched").isEqualTo("web");
  }

  @Test
  void anAddressThatIsTakenChangesNothing() {
    TestPeer peer = start(file);
    peer.reconfigure(file.services(web.as("new")).section("listeners", edge(api.address(), "new")));
    peer.pages().awaitMetric(1, RELOADS, "result=\"failure\"");
    assertThat(peer.pages().status()).contains("\"path\":\"listeners\"").contains(api.address());
    assertThat(peer.get("web").body()).isEqualTo("web");
    assertThat(peer.get("new").status()).isEqualTo(503);
    peer.reconfigure(file.section("listeners", "[]"));
    peer.pages().awaitMetric(1, RELOADS, "result=\"success\"");
    assertThat(peer.get("new").body()).isEqualTo("web");
    assertThat(peer.pages().status()).contains("\"errors\":[]");
  }

  @Test
  void twoListenersOnPortsThatTheSystemChooses() {
    TestPeer peer =
        start(
            file.section(
                "listeners",
                "[{name: one, address: \"127.0.0.1:0\", service: web},"
                    + " {name: two, address: \"127.0.0.1:0\", service: api}]"));
    assertThat(client(peer.address("one")).get("x").body()).isEqualTo("web");
    assertThat(client(peer.address("two")).get("x").body()).isEqualTo("api");
    assertThat(peer.get("web").body()).isEqualTo("web");
  }
}
