package io.opsproxy.dataplane.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Wire;
import org.junit.jupiter.api.Test;

/** Ports whose every connection goes to one name of the mesh, which this peer does not serve. */
class ImportedNameTest extends TrustedMesh {
  private static final String RELOADS = "ops_proxy_config_reloads_total";

  private Backend greeter(String greeting) {
    return backend(Backend.serving(wire -> wire.send(greeting + "\n").line()));
  }

  private static String port(String name, String service) {
    return "{name: " + name + ", address: \"127.0.0.3:0\", service: " + service + "}";
  }

  @Test
  void aServerThatSpeaksFirstIsReachedAndTwoNamesAreNotMixed() {
    PeerFile file =
        trusted("gate")
            .section("listeners", "[" + port("a", "orders") + ", " + port("b", "users") + "]");
    TestPeer gate = start(file);
    start(
        trusted("west")
            .services(greeter("orders of west").as("orders"), greeter("users of west").as("users"))
            .remotes(address(gate)));
    gate.pages().awaitName("orders");
    gate.pages().awaitName("users");
    assertThat(client(gate.address("a")).line()).isEqualTo("orders of west");
    assertThat(client(gate.address("b")).line()).isEqualTo("users of west");
    // What a client says of names means nothing here.
    assertThat(client(gate.address("a")).send("GET / HTTP/1.1\r\nHost: users\r\n\r\n").line())
        .isEqualTo("orders of west");

    gate.reconfigure(file.section("listeners", "[" + port("a", "users") + "]"));
    gate.pages().awaitMetric(1, RELOADS, "result=\"success\"");
    assertThat(client(gate.address("a")).line()).isEqualTo("users of west");
  }

  @Test
  void aNameThatThePeerServesItselfComesBeforeThoseOfOthers() {
    TestPeer gate =
        start(
            trusted("gate")
                .services(greeter("here").as("orders"))
                .section("listeners", "[" + port("a", "orders") + "]"));
    start(
        trusted("west")
            .services(greeter("west").as("orders"), greeter("users").as("users"))
            .remotes(address(gate)));
    gate.pages().awaitName("users");
    assertThat(client(gate.address("a")).line()).isEqualTo("here");
  }

  @Test
  void aNameThatNobodyOwnsIsRefusedUntilSomebodyDoes() {
    TestPeer gate = start(trusted("gate").section("listeners", "[" + port("a", "orders") + "]"));
    assertThat(client(gate.address("a")).rest()).isEmpty();
    TestPeer west =
        start(trusted("west").services(greeter("west").as("orders")).remotes(address(gate)));
    gate.pages().awaitName("orders");
    Wire client = client(gate.address("a"));
    assertThat(client.line()).isEqualTo("west");
    client.close();
    stop(west);
    gate.pages().awaitNoName("orders");
    assertThat(client(gate.address("a")).rest()).isEmpty();
  }

  @Test
  void aNameOfAPeerOfProtocolV1IsReachedTheSameWay() {
    TestPeer gate =
        start(new PeerFile("gate").section("listeners", "[" + port("a", "orders") + "]"));
    start(new PeerFile("old").services(greeter("old").as("orders")).remotes(address(gate)));
    gate.pages().awaitName("orders");
    assertThat(client(gate.address("a")).line()).isEqualTo("old");
  }
}
