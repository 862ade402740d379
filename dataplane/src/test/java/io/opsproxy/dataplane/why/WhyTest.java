package io.opsproxy.dataplane.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.Command;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.PeerProcess;
import io.opsproxy.dataplane.testing.PeerUnderTest;
import io.opsproxy.dataplane.testing.Scenario;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One cause is planted in each; the first FAIL line of {@code why} is that cause. */
class WhyTest extends Scenario {
  private final Backend web = backend(Backend.http("web"));

  private static Command why(PeerUnderTest peer, String name, String... more) {
    String at = "127.0.0.1:" + peer.pages().address().getPort();
    String[] arguments = new String[4 + more.length];
    System.arraycopy(new String[] {"why", name, "--at", at}, 0, arguments, 0, 4);
    System.arraycopy(more, 0, arguments, 4, more.length);
    return Command.run(arguments);
  }

  private static String address(PeerUnderTest peer) {
    return "127.0.0.1:" + peer.address().getPort();
  }

  /** Not served, because of this. */
  private static void assertCause(Command why, String step, String... words) {
    assertThat(why.code()).as(why.out()).isEqualTo(1);
    assertThat(why.line("FAIL")).as(why.out()).startsWith("FAIL  " + step).contains(words);
    String afterIt = why.out().substring(why.out().indexOf(why.line("FAIL")));
    assertThat(afterIt.lines().skip(1).findFirst().orElse("")).startsWith("      -> ");
  }

  private static void awaitError(PeerUnderTest peer, String words) {
    await(words).atMost(Duration.ofSeconds(30)).until(() -> peer.pages().status().contains(words));
  }

  @Test
  void whoIsServedIsToldSoByEveryPeer() {
    PeerProcess owner = process(new PeerFile("owner").services(web.as("web.example.com")));
    PeerProcess entry = process(new PeerFile("entry").remotes(address(owner)));
    entry.pages().awaitName("web.example.com");
    owner.pages().awaitMetric(1, "ops_proxy_peer_links", "in");
    for (PeerProcess peer : new PeerProcess[] {owner, entry}) {
      Command why = why(peer, "WEB.example.com.");
      assertThat(why.code()).as(why.out()).isZero();
      assertThat(why.out()).doesNotContain("FAIL").contains("ok    probe    web.example.com");
    }
    assertThat(why(entry, "web.example.com").out()).contains("ok    owner    owner: serves it");
    assertThat(why(entry, "web.example.com", "--json").out())
        .startsWith("{\"name\":\"web.example.com\",\"served\":true,\"steps\":[{\"step\":\"name\"");
  }

  @Test
  void aNameThatNobodyServesAndTheNearestThatIs() {
    PeerProcess peer = process(new PeerFile("ours").services(web.as("orders-db.example.com")));
    assertCause(why(peer, "ordrs-db.example.com"), "route", "did you mean orders-db.example.com?");
    assertCause(why(peer, "http://orders-db.example.com/"), "name", "no name");
  }

  @Test
  void aNameThatIsTakenByTheConfiguration() {
    PeerProcess first = process(new PeerFile("first").services(web.as("web")));
    PeerProcess second =
        process(new PeerFile("second").services(web.as("web")).remotes(address(first)));
    awaitError(first, "\"names\":[\"web\"]");
    Command why = why(first, "web");
    assertThat(why.code()).as(why.out()).isZero();
    assertThat(why.line("warn"))
        .as(why.out())
        .startsWith("warn  owner    web: is told by second as well");
    assertThat(second.isAlive()).isTrue();
  }

  @Test
  void aLinkThatIsRefused() {
    String dead = deadPort().address();
    PeerProcess peer = process(new PeerFile("ours").remotes(dead));
    awaitError(peer, "connection refused");
    assertCause(why(peer, "web"), "link", dead, "connection refused");
    Command status = Command.run("status", "127.0.0.1:" + peer.pages().address().getPort());
    assertThat(status.code()).as(status.out()).isZero();
    assertThat(status.out())
        .contains("1 problem", "link to " + dead, "connection refused", "    -> see that a peer");
    assertThat(Command.run("status", ":" + peer.pages().address().getPort(), "--check").code())
        .isEqualTo(1);
  }

  @Test
  void aLinkWhoseNameIsNotInDns() {
    PeerProcess peer = process(new PeerFile("ours").remotes("nowhere.invalid:6443"));
    awaitError(peer, "cannot look up");
    assertCause(why(peer, "web"), "link", "nowhere.invalid:6443", "cannot look up");
  }

  @Test
  void aLinkToSomethingThatIsNoPeer() {
    String page = "127.0.0.1:" + web.port();
    PeerProcess peer = process(new PeerFile("ours").remotes(page));
    awaitError(peer, "is this the port of a peer?");
    assertCause(why(peer, "web"), "link", page, "is this the port of a peer?");
  }

  @Test
  void anAdvertisedAddressThatLeadsNowhere() {
    PeerProcess owner = process(new PeerFile("owner").services(web.as("web")));
    String dead = deadPort().address();
    PeerProcess entry =
        process(
            new PeerFile("entry")
                .set("local_peer_addr", "\"" + dead + "\"")
                .remotes(address(owner)));
    entry.pages().awaitName("web");
    assertCause(why(entry, "web"), "probe", dead, "local_peer_addr");
  }

  @Test
  void anEndpointOfTheOwnerThatIsDown() {
    String dead = deadPort().address();
    PeerProcess owner = process(new PeerFile("owner").services("web:" + dead));
    PeerProcess entry = process(new PeerFile("entry").remotes(address(owner)));
    entry.pages().awaitName("web");
    assertCause(why(entry, "web"), "probe", "owner", "connection refused");
    assertCause(why(owner, "web"), "endpoint", dead);
  }

  @Test
  void anEndpointThatItsCheckCallsUnhealthy() {
    PeerProcess peer =
        process(
            new PeerFile("ours")
                .section(
                    "services",
                    "[{name: web, endpoints: [{address: '127.0.0.1:"
                        + web.port()
                        + "'}], healthy_panic_threshold: 0, health_checks: [{timeout: 1s,"
                        + " interval: 100ms, unhealthy_threshold: 1, healthy_threshold: 1,"
                        + " http_health_check: {path: /, expected_statuses: [{start: 299, end: 300}]}}]}]"));
    awaitError(peer, "its health check fails");
    assertCause(why(peer, "web"), "endpoint", "its health check fails");
  }

  @Test
  void aListenerThatIsNotBound() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      PeerProcess peer =
          process(
              new PeerFile("ours")
                  .services(web.as("db"))
                  .section("listeners", "[{name: db, address: '" + address + "', service: db}]"));
      assertCause(why(peer, "db"), "listener", address, "already in use");
    }
  }

  @Test
  void aConfigurationOnDiskThatIsRefused() {
    PeerFile file = new PeerFile("ours").services(web.as("web"));
    PeerProcess peer = process(file);
    file.services(web.as("web"), web.as("api")).set("connection_timeout", "soon");
    file.replace(peer.file());
    awaitError(peer, "the file on disk is refused");
    assertCause(why(peer, "api"), "config", "connection_timeout", "line ");
    Command served = why(peer, "web");
    assertThat(served.code()).as(served.out()).isZero();
    assertThat(served.line("warn")).startsWith("warn  config");
  }

  @Test
  void aPeerThatCannotBeAskedIsTwo() {
    String dead = deadPort().address();
    Command why = Command.run("why", "web", "--at", dead);
    assertThat(why.code()).isEqualTo(2);
    assertThat(why.out()).contains("cannot ask " + dead);
    assertThat(Command.run("status", dead).code()).isEqualTo(2);
    assertThat(Command.run("why").code()).isEqualTo(2);
  }
}
