package io.opsproxy.dataplane.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.ScriptedPeer;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Wire;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a peer calls itself is for people: it decides nothing. */
class OwnerKeyTest extends Scenario {
  private static final String ITEM = "web:127.0.0.1:8081";

  private static PeerFile file() {
    return new PeerFile("ours").set("connection_timeout", "20s");
  }

  /** A scripted peer that the peer under test dials, and that serves {@code web}. */
  private TestPeer peerThatDials(ScriptedPeer owner) {
    TestPeer peer = start(file().remotes(owner.address()));
    Wire control = owner.accept();
    control.line();
    control.send("OK:0\nSYNC:" + owner.prefix() + ITEM + "\n");
    assertThat(control.line()).startsWith("SYNC:");
    owner.serve(peer, control, data -> Backend.answerAll(data, "owner"));
    peer.pages().awaitName("web");
    return peer;
  }

  private static Map<String, Integer> answers(TestPeer peer, int requests) {
    Map<String, Integer> answers = new HashMap<>();
    for (int i = 0; i < requests; i++) {
      answers.merge(peer.get("web").body(), 1, Integer::sum);
    }
    return answers;
  }

  @Test
  void aStrangerWithTheNameOfTheDialledOwnerGetsNoMoreThanAShare() {
    ScriptedPeer owner = scripted("vm");
    TestPeer peer = peerThatDials(owner);
    ScriptedPeer stranger = scripted("vm");
    stranger.serve(
        peer, stranger.registerPrefixed(peer, ITEM), data -> Backend.answerAll(data, "stranger"));
    assertThat(answers(peer, 20)).isEqualTo(Map.of("owner", 10, "stranger", 10));
  }

  @Test
  void aStrangerThatSaysAllThatTheDialledOwnerSaysGetsNothingWhileThatOneAnswers() {
    ScriptedPeer owner = scripted("vm");
    TestPeer peer = peerThatDials(owner);
    ScriptedPeer stranger = scripted("vm");
    Wire control = stranger.dial(peer).send("REGISTER:" + owner.prefix() + ITEM + "\n");
    assertThat(control.line()).isEqualTo("OK:1");
    assertThat(control.line()).startsWith("SYNC:");
    stranger.serve(peer, control, data -> Backend.answerAll(data, "stranger"));
    assertThat(answers(peer, 20)).isEqualTo(Map.of("owner", 20));
  }

  @Test
  void aPeerThatIsDialledAndDialsHasOneShare() {
    ScriptedPeer owner = scripted("vm");
    TestPeer peer = peerThatDials(owner);
    owner.serve(peer, owner.registerPrefixed(peer, ITEM), data -> Backend.answerAll(data, "owner"));
    ScriptedPeer other = scripted("other");
    other.serve(peer, other.registerPrefixed(peer, ITEM), data -> Backend.answerAll(data, "other"));
    assertThat(answers(peer, 20)).isEqualTo(Map.of("owner", 10, "other", 10));
  }

  @Test
  void twoPeersWithOneNameShareAndSomebodyIsTold() {
    TestPeer peer = start(file());
    ScriptedPeer one = scripted("clone");
    ScriptedPeer two = scripted("clone");
    one.serve(peer, one.registerPrefixed(peer, ITEM), data -> Backend.answerAll(data, "one"));
    two.serve(peer, two.registerPrefixed(peer, ITEM), data -> Backend.answerAll(data, "two"));
    assertThat(answers(peer, 20)).isEqualTo(Map.of("one", 10, "two", 10));
    assertThat(peer.pages().status())
        .contains("\"problems\":[{\"subject\":\"peer clone\"")
        .contains(one.address())
        .contains(two.address());
  }

  @Test
  void ofTwoLinksOfOnePeerTheNewestIsAsked() {
    TestPeer peer = start(file());
    ScriptedPeer owner = scripted("vm");
    Wire dead = owner.registerPrefixed(peer, ITEM);
    owner.serve(peer, owner.registerPrefixed(peer, ITEM), data -> Backend.answerAll(data, "owner"));
    assertThat(answers(peer, 10)).isEqualTo(Map.of("owner", 10));
    assertThat(dead.isSilentFor(50)).as("nothing was asked of the dead link").isTrue();
  }

  @Test
  void aLinkThatLetARequestTimeOutIsAskedLastUntilItIsHeardFromAgain() {
    TestPeer peer = start(file().set("connection_timeout", "300ms"));
    ScriptedPeer silent = scripted("silent");
    Wire control = silent.registerPrefixed(peer, ITEM);
    ScriptedPeer other = scripted("other");
    other.serve(peer, other.registerPrefixed(peer, ITEM), data -> Backend.answerAll(data, "other"));
    assertThat(answers(peer, 10)).isEqualTo(Map.of("other", 10));
    assertThat(ScriptedPeer.forward(control).name()).isEqualTo("web");
    assertThat(control.isSilentFor(50)).as("it was asked once").isTrue();
    assertThat(control.send("REGISTER:" + silent.prefix() + ITEM + "\n").line()).isEqualTo("OK:1");
    assertThat(answers(peer, 2)).isEqualTo(Map.of("other", 2));
    assertThat(ScriptedPeer.forward(control).name()).as("and again").isEqualTo("web");
  }
}
