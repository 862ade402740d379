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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What other peers are told when the configuration changes. */
class LinkReloadTest extends Scenario {
  private static final String A = "a:127.0.0.1:1";
  private static final String B = "b:127.0.0.1:2";
  private static final String C = "c:127.0.0.1:3";
  private final ScriptedPeer remote = scripted("vm");
  private final PeerFile file = new PeerFile("ours").services(A, B).remotes(remote.address());

  private static String names(TestPeer peer, String... items) {
    return "ours:127.0.0.1:" + peer.address().getPort() + ":" + String.join(",", items);
  }

  /** The next link, answered like a peer that serves {@code api}. */
  private Wire control(TestPeer peer, String... items) {
    Wire control = remote.accept();
    assertThat(control.line()).isEqualTo("REGISTER:" + names(peer, items));
    control.send("OK:" + items.length + "\nSYNC:api:127.0.0.1:9\n");
    assertThat(control.line()).isEqualTo("SYNC:" + names(peer, items));
    return control;
  }

  @Test
  void registersAddedNamesOnTheSameLink() {
    TestPeer peer = start(file);
    Wire control = control(peer, A, B);
    peer.reconfigure(file.services(A, B, C));
    assertThat(control.line()).isEqualTo("REGISTER:" + names(peer, A, B, C));
    control.send("OK:3\n");
    assertThat(control.line()).isEqualTo("SYNC:" + names(peer, A, B, C));
    assertThat(remote.isAsked()).isFalse();
  }

  @Test
  void takesNamesBackWithANewLinkBeforeTheOldOneGoes() {
    TestPeer peer = start(file);
    Wire old = control(peer, A, B);
    peer.reconfigure(file.services(A));
    Wire next = remote.accept();
    assertThat(next.line()).isEqualTo("REGISTER:" + names(peer, A));
    assertThat(old.isSilentFor(50)).as("the old link stays until the new one is up").isTrue();
    next.send("OK:1\nSYNC:api:127.0.0.1:9\n");
    assertThat(old.restText()).isEmpty();
    assertThat(peer.pages().knows("api")).isTrue();
  }

  @Test
  void leavesTheOldLinkThoughTheRemoteSendsNoSync() {
    TestPeer peer = start(file);
    Wire first = remote.accept();
    first.line();
    first.send("OK:2\n");
    peer.reconfigure(file.services(A));
    Wire second = remote.accept();
    assertThat(second.line()).isEqualTo("REGISTER:" + names(peer, A));
    second.send("OK:1\n");
    assertThat(first.restText()).startsWith("SYNC:");
  }

  @Test
  void leavesEveryOldLinkWhenNamesGoOneAfterTheOther() {
    PeerFile three = file.services(A, B, C);
    TestPeer peer = start(three);
    Wire first = remote.accept();
    first.line();
    first.send("OK:3\n");
    peer.reconfigure(file.services(A, B));
    Wire second = remote.accept();
    assertThat(second.line()).isEqualTo("REGISTER:" + names(peer, A, B));
    second.send("OK:2\n");
    assertThat(second.line()).startsWith("SYNC:");
    peer.reconfigure(file.services(A));
    Wire third = remote.accept();
    assertThat(third.line()).isEqualTo("REGISTER:" + names(peer, A));
    third.send("OK:1\n");
    assertThat(first.restText()).startsWith("SYNC:");
    assertThat(second.restText()).isEmpty();
    assertThat(third.line()).startsWith("SYNC:");
    peer.pages().awaitMetric(1, "ops_proxy_peer_links", "direction=\"out\"");
  }

  @Test
  void keepsTheLinkWhenASecondChangeComesBeforeTheFirstIsAnswered() {
    PeerFile three = file.services(A, B, C);
    TestPeer peer = start(three);
    Wire first = control(peer, A, B, C);
    peer.reconfigure(file.services(A, B));
    Wire second = remote.accept();
    assertThat(second.line()).isEqualTo("REGISTER:" + names(peer, A, B));
    peer.reconfigure(file.services(A));
    Wire third = remote.accept();
    assertThat(third.line()).isEqualTo("REGISTER:" + names(peer, A));
    assertThat(second.restText()).as("overtaken").isEmpty();
    assertThat(first.isSilentFor(50)).as("still the link in use").isTrue();
    assertThat(peer.pages().knows("api")).isTrue();
    third.send("OK:1\nSYNC:api:127.0.0.1:9\n");
    assertThat(first.restText()).isEmpty();
    assertThat(third.line()).isEqualTo("SYNC:" + names(peer, A));
  }

  @Test
  void tellsPeersThatDialledItOfEveryChange() {
    TestPeer peer = start(file.remotes());
    Wire control = remote.register(peer, "api:127.0.0.1:9");
    peer.reconfigure(file.services(A, B, C));
    assertThat(control.line()).isEqualTo("SYNC:" + names(peer, A, B, C));
    peer.reconfigure(file.services(C));
    assertThat(control.line()).isEqualTo("SYNC:" + names(peer, C));
    peer.reconfigure(file.services());
    assertThat(control.line()).isEqualTo("SYNC:" + names(peer));
  }

  @Test
  void dialsRemotesThatAreAddedAndLeavesThoseThatAreRemoved() {
    TestPeer peer = start(file);
    Wire control = control(peer, A, B);
    ScriptedPeer other = scripted("other");
    peer.reconfigure(file.remotes(other.address()));
    assertThat(control.restText()).isEmpty();
    peer.pages().awaitNoName("api");
    assertThat(other.accept().line()).isEqualTo("REGISTER:" + names(peer, A, B));
  }

  /** Two real peers: the one serves names, the other asks for them while they come and go. */
  @Test
  void namesThatStayAreServedAllTheTime() {
    Backend kept = backend(Backend.http("kept"));
    Backend api = backend(Backend.http("api"));
    TestPeer edge = start(new PeerFile("edge").services(api.as("api")));
    String address = "127.0.0.1:" + edge.address().getPort();
    PeerFile changing = new PeerFile("core").services(kept.as("kept"), A).remotes(address);
    TestPeer core = start(changing);
    edge.pages().awaitName("kept");
    core.pages().awaitName("api");
    Queue<String> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger requests = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    Wire running = client(edge);
    assertThat(running.get("kept").body()).isEqualTo("kept");
    Thread toEdge = load(edge, "kept", failures, requests, over);
    Thread toCore = load(core, "api", failures, requests, over);
    for (int i = 0; i < 6; i++) {
      String name = "change-" + i;
      int before = requests.get();
      core.reconfigure(changing.services(kept.as("kept"), name + ":127.0.0.1:1"));
      edge.pages().awaitName(name);
      if (i > 0) {
        edge.pages().awaitNoName("change-" + (i - 1));
      }
      await().until(() -> requests.get() > before + 20);
    }
    over.set(true);
    await().atMost(Duration.ofSeconds(30)).until(() -> !toEdge.isAlive() && !toCore.isAlive());
    assertThat(failures).isEmpty();
    assertThat(running.get("kept").body()).isEqualTo("kept");
    assertThat(core.pages().metric("ops_proxy_config_reloads_total", "result=\"success\""))
        .isEqualTo(6);
  }

  private static Thread load(
      TestPeer peer,
      String name,
      Queue<String> failures,
      AtomicInteger requests,
      AtomicBoolean over) {
    Thread thread =
        new Thread(
            () -> {
              while (!over.get()) {
                try {
                  Wire.Answer answer = peer.get(name);
                  if (answer.status() != 200 || !answer.body().equals(name)) {
                    failures.add(answer.toString());
                  }
                } catch (AssertionError | RuntimeException e) {
                  failures.add(e.toString());
                }
                requests.incrementAndGet();
              }
            });
    thread.start();
    return thread;
  }
}
