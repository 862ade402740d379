package io.opsproxy.dataplane.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.opsproxy.dataplane.config.load.ConfigLoader;
import io.opsproxy.dataplane.config.load.LoadResult;
import io.opsproxy.dataplane.peer.Identity;
import io.opsproxy.dataplane.peer.Peer;
import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.StatusPages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where a peer listens that runs from Envoy's files: where they say, and nowhere else. */
class EnvoyAddressTest extends Scenario {
  private static final String LISTENER =
      """
        - name: %s
          address: {socket_address: {address: "%s", port_value: %d%s}}
          filter_chains:
          - filters:
            - name: tcp
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                stat_prefix: x
                cluster: %s
      """;

  private static final String CLUSTER =
      """
        - name: %s
          type: STATIC
          load_assignment:
            cluster_name: %s
            endpoints:
            - lb_endpoints:
              - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %s}}}
      """;

  private final Backend web = backend(Backend.http("web"));
  private final Backend api = backend(Backend.http("api"));

  private static String port(Backend backend) {
    return backend.address().substring(backend.address().indexOf(':') + 1);
  }

  private Peer peer(String listeners, Map<String, String> environment) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("envoy.yaml"),
            "admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}\n"
                + "static_resources:\n  listeners:\n"
                + listeners.indent(2)
                + "  clusters:\n"
                + CLUSTER.formatted("web", "web", port(web)).indent(2)
                + CLUSTER.formatted("api", "api", port(api)).indent(2));
    LoadResult loaded = new ConfigLoader(Optional.of(file), environment, Map.of()).load();
    assertThat(loaded.config()).as("%s", loaded.problems()).isPresent();
    return new Peer(loaded, new Identity("test", "test", "test", "0"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }

  private static boolean hasIpv6() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void ipv4AndIpv6OfOnePortAreTwoListeners() throws IOException {
    assumeTrue(hasIpv6());
    int port = freePort();
    try (Peer peer =
        peer(
            LISTENER.formatted("four", "0.0.0.0", port, "", "web")
                + LISTENER.formatted("six", "::", port, "", "api"),
            Map.of())) {
      assertThat(client(new InetSocketAddress("127.0.0.1", port)).get("x").body()).isEqualTo("web");
      assertThat(client(new InetSocketAddress("::1", port)).get("x").body()).isEqualTo("api");
      assertThat(peer.address("four").getPort()).isEqualTo(port);
    }
  }

  @Test
  void allAddressesOfIpv6TakeIpv4OnlyWhenTheyAreToldTo() throws IOException {
    assumeTrue(hasIpv6());
    try (Peer peer =
        peer(
            LISTENER.formatted("alone", "::", 0, "", "web")
                + LISTENER.formatted("both", "::", 0, ", ipv4_compat: true", "api"),
            Map.of())) {
      int alone = peer.address("alone").getPort();
      int both = peer.address("both").getPort();
      assertThat(client(new InetSocketAddress("::1", alone)).get("x").body()).isEqualTo("web");
      assertThatThrownBy(() -> client(new InetSocketAddress("127.0.0.1", alone)).get("x"))
          .isInstanceOfAny(UncheckedIOException.class, AssertionError.class);
      assertThat(client(new InetSocketAddress("::1", both)).get("x").body()).isEqualTo("api");
      assertThat(client(new InetSocketAddress("127.0.0.1", both)).get("x").body()).isEqualTo("api");
    }
  }

  @Test
  void theStatusPagesAreOnTheAdminAddressUnlessTheyAreGivenOne() throws IOException {
    String listener = LISTENER.formatted("one", "127.0.0.1", 0, "", "web");
    try (Peer peer = peer(listener, Map.of())) {
      InetSocketAddress admin = peer.envoyAdminAddress().orElseThrow();
      assertThat(peer.adminAddress()).isEqualTo(admin);
      StatusPages pages = new StatusPages(admin);
      assertThat(pages.get("/readyz").statusCode()).isEqualTo(200);
      assertThat(pages.get("/metrics").body()).contains("ops_proxy_server_info");
      assertThat(pages.get("/clusters").body()).contains("web::");
      assertThat(pages.status()).contains("\"config\"");
    }
    try (Peer peer = peer(listener, Map.of("PEER_LISTEN_ADDRESS", "127.0.0.1:0"))) {
      assertThat(peer.adminAddress()).isNotEqualTo(peer.envoyAdminAddress().orElseThrow());
      assertThat(new StatusPages(peer.adminAddress()).get("/readyz").statusCode()).isEqualTo(200);
    }
  }
}
