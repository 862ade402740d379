package io.opsproxy.dataplane.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.ScriptedPeer;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Wire;
import org.junit.jupiter.api.Test;

/** The owner's side of a forward: other peers' clients for names that this peer serves. */
class ForwardServeTest extends Scenario {
  private static final String ID = "0123456789abcdef0123456789abcdef";
  private static final String FAILED = "ops_proxy_client_forwards_failed_total";
  private final ScriptedPeer remote = scripted("vm");
  private final Backend web = backend(Backend.queueing());

  private TestPeer peerThatDials() {
    return start(new PeerFile("ours").services(web.as("web")).remotes(remote.address()));
  }

  private TestPeer peerThatIsDialled() {
    return start(new PeerFile("ours").services(web.as("web")));
  }

  /** Its link, registered. */
  private Wire control() {
    Wire control = remote.accept();
    control.line();
    control.send("OK:1\n");
    assertThat(control.line()).startsWith("SYNC:");
    return control;
  }

  private String forward(String id) {
    return "FORWARD:" + id + ":web:" + web.address() + "\n";
  }

  private void assertServes(TestPeer peer, Wire data, String id) {
    assertThat(data.line()).isEqualTo("DATA:" + id);
    Wire backend = web.accept();
    data.send("question").fin();
    assertThat(backend.restText()).isEqualTo("question");
    backend.send("answer").close();
    assertThat(data.restText()).isEqualTo("answer");
    peer.pages().awaitMetric(1, "ops_proxy_client_forwards_total", "client_name=\"web\"");
  }

  @Test
  void bringsTheBackendToTheAddressItDialled() {
    TestPeer peer = peerThatDials();
    Wire control = control().send(forward("00000042"));
    assertServes(peer, remote.accept(), "00000042");
    assertThat(control.isSilentFor(50)).isTrue();
  }

  @Test
  void readsAForwardOneByteAtATimeAndServesManyAtOnce() {
    TestPeer peer = peerThatDials();
    Wire control = control().drip(forward("1"));
    assertThat(remote.accept().line()).isEqualTo("DATA:1");
    StringBuilder lines = new StringBuilder();
    for (int i = 2; i <= 50; i++) {
      lines.append(forward(Integer.toString(i)));
    }
    control.send(lines.toString());
    for (int i = 1; i <= 50; i++) {
      Wire backend = client(web.accept());
      backend.send("hello");
    }
    for (int i = 2; i <= 50; i++) {
      Wire data = remote.accept();
      assertThat(data.line()).startsWith("DATA:");
      assertThat(data.text(5)).isEqualTo("hello");
    }
    assertThat(peer.pages().metric("ops_proxy_client_active_forwards")).isEqualTo(50);
  }

  @Test
  void connectsNothingThatItDidNotOffer() {
    Backend secret = backend(Backend.queueing());
    TestPeer peer = peerThatDials();
    Wire control = control();
    control.send("FORWARD:00000001:web:" + secret.address() + "\n");
    control.send("FORWARD:00000002:other:" + web.address() + "\n");
    control.send("FORWARD:00000003:web\n");
    control.send("FORWARD:" + ID + ":web:" + secret.address() + "\n");
    assertThat(control.line()).isEqualTo("ERROR:" + ID + ":forward_refused");
    assertThat(peer.pages().metric(FAILED, "reason=\"forward_refused\"")).isEqualTo(3);
    assertThat(peer.pages().metric(FAILED, "reason=\"empty_backend\"")).isEqualTo(1);
    assertThat(secret.accepted()).isZero();
    assertThat(web.accepted()).isZero();
    assertThat(remote.isAsked()).isFalse();
  }

  @Test
  void saysThatTheBackendIsDownOnlyToAPeerThatUnderstands() {
    TestPeer peer = peerThatDials();
    Wire control = control();
    web.close();
    control.send(forward("00000042"));
    peer.pages().awaitMetric(1, FAILED, "reason=\"backend_dial_error\"");
    control.send(forward(ID));
    assertThat(control.line())
        .startsWith("ERROR:" + ID + ":backend_dial_error")
        .contains(web.address());
    assertThat(remote.isAsked()).as("no DATA without a backend").isFalse();
  }

  @Test
  void bringsTheBackendToTheAddressInTheRegistration() {
    TestPeer peer = peerThatIsDialled();
    Wire control = remote.registerPrefixed(peer, "api:127.0.0.1:1").send(forward(ID));
    assertServes(peer, remote.accept(), ID);
    assertThat(control.isSilentFor(50)).isTrue();
  }

  @Test
  void bringsTheBackendToTheAddressInSync() {
    TestPeer peer = peerThatIsDialled();
    Wire control = remote.register(peer, "api:127.0.0.1:1");
    control.send("SYNC:" + remote.prefix() + "api:127.0.0.1:1\n").send(forward("00000042"));
    assertServes(peer, remote.accept(), "00000042");
  }

  @Test
  void cannotServeAPeerThatNeverSaidWhereItIs() {
    TestPeer peer = peerThatIsDialled();
    Wire control = remote.register(peer, "api:127.0.0.1:1").send(forward(ID));
    assertThat(control.line()).startsWith("ERROR:" + ID + ":data_dial_error");
    peer.pages().awaitMetric(1, FAILED, "reason=\"data_dial_error\"");
    assertThat(web.accept().restText()).as("the backend is let go").isEmpty();
  }

  @Test
  void aPeerMayHaveDataBroughtOnlyToWherePeersMayBe() {
    TestPeer peer =
        start(
            new PeerFile("ours")
                .services(web.as("web"))
                .section("mesh", "{legacy_peers: [127.0.0.2/32]}"));
    Wire control =
        client(Wire.connect("127.0.0.2", peer.address()))
            .send("REGISTER:" + remote.prefix() + "api:127.0.0.1:1\n");
    assertThat(control.line()).isEqualTo("OK:1");
    assertThat(control.line()).startsWith("SYNC:");
    control.send(forward(ID));
    assertThat(control.line()).startsWith("ERROR:" + ID + ":peer_denied");
    assertThat(remote.accepted()).isZero();
  }

  @Test
  void letsTheBackendGoWhenTheRequesterDoes() {
    TestPeer peer = peerThatDials();
    control().send(forward("7"));
    Wire data = remote.accept();
    assertThat(data.line()).isEqualTo("DATA:7");
    Wire backend = web.accept();
    data.rst();
    assertThat(backend.restText()).isEmpty();
    peer.pages().awaitIdle();
  }
}
