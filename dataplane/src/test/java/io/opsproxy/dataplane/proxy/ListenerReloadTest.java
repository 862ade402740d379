package io.opsproxy.dataplane.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Listeners and services that come and go while the peer runs. */
class ListenerReloadTest extends Scenario {
  private static final String RELOADS = "ops_proxy_config_reloads_total";
  private final Backend web = backend(Backend.http("web"));
  private final Backend api = backend(Backend.http("api"));
  private final PeerFile file = new PeerFile("ours").services(web.as("web"), api.as("api"));

  private static final String UP = "ops_proxy_listener_up";

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
    assertThatThrownBy(() -> client(address)).hasRootCauseInstanceOf(ConnectException.class);
    assertThat(old.get("x").body()).as("a running connection is not touched").isEqualTo("web");
  }

  @Test
  void anAddressThatIsTakenIsAnErrorOfItsListenerAlone() throws IOException {
    TestPeer peer = start(file);
    String address;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = "127.0.0.1:" + taken.getLocalPort();
      peer.reconfigure(file.services(web.as("new")).section("listeners", edge(address, "new")));
      peer.pages().awaitMetric(1, RELOADS, "result=\"success\"");
      assertThat(peer.get("new").body()).isEqualTo("web");
      assertThat(peer.get("web").status()).isEqualTo(503);
      peer.pages().awaitMetric(0, UP, "listener=\"edge\"");
      peer.pages().awaitMetric(1, UP, "listener=\"peer\"");
      assertThat(peer.pages().status())
          .contains("\"subject\":\"listener edge\"")
          .contains("cannot listen on " + address + ": Address already in use")
          .contains("ss -ltnp")
          .contains("\"errors\":[]");
      assertThat(peer.pages().get("/readyz").statusCode()).isEqualTo(200);
    }
    peer.pages().awaitMetric(1, UP, "listener=\"edge\"");
    assertThat(client(peer.address("edge")).get("x").body()).isEqualTo("web");
    assertThat(peer.pages().status()).contains("\"problems\":[]");
    peer.reconfigure(file.section("listeners", "[]"));
    peer.pages().awaitMetric(2, RELOADS, "result=\"success\"");
    assertThat(peer.pages().get("/metrics").body()).doesNotContain("listener=\"edge\"");
  }

  @Test
  void aListenerThatCannotMoveStaysWhereItIs() throws IOException {
    TestPeer peer = start(file.section("listeners", edge("127.0.0.3:0", "web")));
    InetSocketAddress before = peer.address("edge");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      peer.reconfigure(file.section("listeners", edge("127.0.0.1:" + taken.getLocalPort(), "api")));
      peer.pages().awaitMetric(0, UP, "listener=\"edge\"");
      assertThat(client(before).get("x").body()).isEqualTo("api");
    }
    peer.pages().awaitMetric(1, UP, "listener=\"edge\"");
    assertThat(client(peer.address("edge")).get("x").body()).isEqualTo("api");
    assertThatThrownBy(() -> client(before)).hasRootCauseInstanceOf(ConnectException.class);
  }

  @Test
  void anAddressIsNarrowedAndWidened() throws IOException {
    int port = freePort();
    TestPeer peer = start(file.section("listeners", edge("0.0.0.0:" + port, "web")));
    InetSocketAddress other = new InetSocketAddress("127.0.0.9", port);
    assertThat(client(other).get("x").body()).isEqualTo("web");
    peer.reconfigure(file.section("listeners", edge("127.0.0.1:" + port, "web")));
    peer.pages().awaitMetric(1, RELOADS, "result=\"success\"");
    peer.pages().awaitMetric(1, UP, "listener=\"edge\"");
    assertThatThrownBy(() -> client(other)).hasRootCauseInstanceOf(ConnectException.class);
    assertThat(client(peer.address("edge")).get("x").body()).isEqualTo("web");
    peer.reconfigure(file.section("listeners", edge(":" + port, "web")));
    peer.pages().awaitMetric(2, RELOADS, "result=\"success\"");
    assertThat(client(other).get("x").body()).isEqualTo("web");
  }

  @Test
  void allAddressesOfIpv4AreNoIpv6() throws IOException {
    assumeTrue(hasIpv6());
    TestPeer peer =
        start(
            file.section(
                "listeners",
                "[{name: edge, address: \"0.0.0.0:0\", service: web},"
                    + " {name: both, address: \"[::]:0\", service: api},"
                    + " {name: short, address: \":0\", service: api}]"));
    InetAddress v6 = InetAddress.getByName("::1");
    int edge = peer.address("edge").getPort();
    assertThat(client(new InetSocketAddress("127.0.0.1", edge)).get("x").body()).isEqualTo("web");
    assertThatThrownBy(() -> client(new InetSocketAddress(v6, edge)))
        .hasRootCauseInstanceOf(ConnectException.class);
    for (String name : List.of("both", "short")) {
      int port = peer.address(name).getPort();
      assertThat(client(new InetSocketAddress(v6, port)).get("x").body()).isEqualTo("api");
      assertThat(client(new InetSocketAddress("127.0.0.1", port)).get("x").body()).isEqualTo("api");
    }
  }

  private static boolean hasIpv6() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
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
