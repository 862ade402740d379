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
import org.junit.jupiter.api.Test;

/** Links that this peer dials: how it introduces itself, and how it keeps them. */
class DialledLinkTest extends Scenario {
  private final ScriptedPeer remote = scripted("vm");

  private PeerFile file() {
    return new PeerFile("ours").services("web:127.0.0.1:8081").remotes(remote.address());
  }

  private static String names(TestPeer peer) {
    return "ours:127.0.0.1:" + peer.address().getPort() + ":web:127.0.0.1:8081";
  }

  private static boolean says(TestPeer peer, String text) {
    return peer.pages().status().contains(text);
  }

  private static void awaitStatus(TestPeer peer, String text) {
    await(text).atMost(Duration.ofSeconds(20)).until(() -> says(peer, text));
  }

  @Test
  void registersInTheFormOfTheGoPeersAndThenTellsItsAddress() {
    TestPeer peer = start(file());
    Wire control = remote.accept();
    assertThat(control.line()).isEqualTo("REGISTER:" + names(peer));
    control.send("OK:1\n");
    assertThat(control.line()).isEqualTo("SYNC:" + names(peer));
    peer.pages().awaitMetric(1, "ops_proxy_peer_link_up", "remote=\"" + remote.address() + "\"");
    awaitStatus(peer, "\"direction\":\"out\",\"state\":\"connected\"");
  }

  @Test
  void learnsNamesFromSyncInBothFormsAndForgetsThoseThatALaterOneLacks() {
    TestPeer peer = start(file());
    Wire control = remote.accept();
    control.line();
    control.send("OK:1\nSYNC:api:127.0.0.1:9,db.internal:5432\n");
    peer.pages().awaitName("api");
    peer.pages().awaitName("db.internal");
    control.drip("SYNC:" + remote.prefix() + "api:127.0.0.1:9\r\n");
    peer.pages().awaitNoName("db.internal");
    assertThat(peer.pages().knows("api")).isTrue();
    assertThat(says(peer, "{\"name\":\"vm\",")).isTrue();
    control.send("SYNC:" + remote.prefix() + "\n");
    peer.pages().awaitNoName("api");
  }

  @Test
  void asksTheRemoteForItsNames() {
    TestPeer peer = start(file());
    Wire control = remote.accept();
    control.line();
    control.send("OK:1\nSYNC:api:127.0.0.1:9\n");
    control.line();
    remote.serve(peer, control, data -> Backend.answerAll(data, "api of vm"));
    peer.pages().awaitName("api");
    assertThat(peer.get("api").body()).isEqualTo("api of vm");
  }

  @Test
  void keepsALinkWithoutNamesToAGoPeerThatRefusesAnEmptyRegistration() {
    TestPeer peer = start(file().services());
    Wire control = remote.accept();
    assertThat(control.line())
        .isEqualTo("REGISTER:ours:127.0.0.1:" + peer.address().getPort() + ":");
    control.send("ERROR:No valid registrations\nSYNC:api:127.0.0.1:9\n");
    peer.pages().awaitName("api");
  }

  @Test
  void registersAgainAtEveryHeartbeat() {
    TestPeer peer = start(file().set("heartbeat_interval", "100ms"));
    Wire control = remote.accept();
    String line = control.line();
    control.send("OK:1\n");
    assertThat(control.line()).startsWith("SYNC:");
    for (int i = 0; i < 3; i++) {
      assertThat(control.line()).isEqualTo(line);
      control.send("OK:1\n");
    }
    assertThat(remote.isAsked()).as("it is the same link").isFalse();
    assertThat(says(peer, "\"state\":\"connected\"")).isTrue();
  }

  @Test
  void declaresALinkDeadWhoseHeartbeatsAreNotAnsweredAndDialsAgain() {
    TestPeer peer =
        start(file().set("heartbeat_interval", "100ms").set("registration_read_timeout", "300ms"));
    Wire control = remote.accept();
    control.line();
    control.send("OK:1\nSYNC:api:127.0.0.1:9\n");
    peer.pages().awaitName("api");
    assertThat(control.restText()).contains("REGISTER:");
    peer.pages().awaitNoName("api");
    assertThat(remote.accept().line()).isEqualTo("REGISTER:" + names(peer));
  }

  @Test
  void givesUpALinkThatIsNeverAnswered() {
    TestPeer peer = start(file().set("registration_read_timeout", "300ms"));
    assertThat(remote.accept().restText()).startsWith("REGISTER:");
    assertThat(remote.accept().line()).isEqualTo("REGISTER:" + names(peer));
    assertThat(says(peer, "\"state\":\"connected\"")).isFalse();
  }

  @Test
  void dialsAgainWhenTheLinkIsLostOrReset() {
    TestPeer peer = start(file());
    for (int i = 0; i < 4; i++) {
      Wire control = remote.accept();
      assertThat(control.line()).isEqualTo("REGISTER:" + names(peer));
      control.send("OK:1\nSYNC:api:127.0.0.1:9\n");
      peer.pages().awaitName("api");
      if (i % 2 == 0) {
        control.close();
      } else {
        control.rst();
      }
      peer.pages().awaitNoName("api");
    }
  }

  @Test
  void showsWhyARegistrationWasRefusedAndTriesAgain() {
    TestPeer peer = start(file());
    Wire control = remote.accept();
    control.line();
    control.send("ERROR:No valid registrations\n");
    awaitStatus(peer, "the other side refused the registration: No valid registrations");
    assertThat(remote.accept().line()).isEqualTo("REGISTER:" + names(peer));
  }

  @Test
  void findsARemoteThatComesLater() {
    int port = Backend.freePort();
    TestPeer peer = start(file().remotes("localhost:" + port));
    awaitStatus(peer, "connection refused");
    Backend late = backend(Backend.queueing(port));
    assertThat(client(late.accept()).line()).isEqualTo("REGISTER:" + names(peer));
  }

  @Test
  void givesUpAfterAsManyFailuresInARowAsConfigured() {
    TestPeer peer = start(file().remotes(deadPort().address()).set("max_reconnect", "2"));
    awaitStatus(peer, "\"state\":\"given up\"");
    assertThat(says(peer, "connection refused")).isTrue();
  }

  @Test
  void aLinkThatCameUpIsNoFailure() {
    TestPeer peer = start(file().set("max_reconnect", "2"));
    for (int i = 0; i < 5; i++) {
      Wire control = remote.accept();
      control.line();
      control.send("OK:1\n");
      assertThat(control.line()).startsWith("SYNC:");
      control.close();
    }
    assertThat(remote.accept().line()).isEqualTo("REGISTER:" + names(peer));
  }

  @Test
  void closesOnALineWithoutEnd() {
    TestPeer peer = start(file());
    Wire control = remote.accept();
    control.line();
    byte[] much = new byte[64 * 1024];
    java.util.Arrays.fill(much, (byte) 'x');
    try {
      for (int i = 0; i < 1000; i++) {
        control.send(much);
      }
      org.junit.jupiter.api.Assertions.fail("60 MiB without a line end were taken");
    } catch (java.io.UncheckedIOException closed) {
      assertThat(remote.accept().line()).isEqualTo("REGISTER:" + names(peer));
    }
  }

  @Test
  void tellsALongListOverSeveralLines() {
    String[] items = new String[2000];
    for (int i = 0; i < items.length; i++) {
      items[i] = "service-" + i + ".some-long-domain.example.com:127.0.0.1:" + (1 + i);
    }
    start(file().services(items));
    Wire control = remote.accept();
    int names = 0;
    int lines = 0;
    while (names < items.length) {
      String line = control.line();
      assertThat(line).startsWith("REGISTER:ours:").hasSizeLessThan(64 * 1024);
      names += line.split(",").length;
      lines++;
    }
    assertThat(lines).isGreaterThan(1);
    control.send("OK:1\n".repeat(lines));
    assertThat(control.line()).startsWith("SYNC:").hasSizeLessThan(64 * 1024);
  }
}
