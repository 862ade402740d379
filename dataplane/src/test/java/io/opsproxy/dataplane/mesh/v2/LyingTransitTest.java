package io.opsproxy.dataplane.mesh.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.mesh.TrustedMesh;
import io.opsproxy.dataplane.testing.TestAuthority;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.trust.Claim;
import io.opsproxy.dataplane.trust.Identity;
import io.opsproxy.dataplane.trust.PeerId;
import io.opsproxy.dataplane.trust.issue.Issued;
import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A peer that may pass names on, and says more than their owners have signed. */
class LyingTransitTest extends TrustedMesh {
  private static final HostName WEB = HostName.exact("web").orElseThrow();
  private static final HostName BANK = HostName.exact("bank").orElseThrow();
  private static final String HUB = TestAuthority.id("hub");
  private static final String WEST = TestAuthority.id("west");
  private static final String INSTANCE = "00112233445566778899aabbccddeeff";
  private static final int WEST_CHAIN = 1;
  private static final int HUB_CHAIN = 2;

  private final Issued hubs = authority.issue("hub");
  private final Issued wests = authority.issue("west");
  private final Identity west =
      new Identity(new PeerId(WEST), List.of(wests.certificate()), wests.key());
  private final Identity hubAsWest =
      new Identity(new PeerId(WEST), List.of(hubs.certificate()), hubs.key());
  private final Instant now = Instant.ofEpochMilli(Instant.now().toEpochMilli());
  private TestPeer east;
  private ScriptedTrustedPeer hub;
  private long seq;

  @BeforeEach
  void link() throws CertificateEncodingException {
    east = start(trusted("east", "names: [\"*\"], transit: true"));
    hub = new ScriptedTrustedPeer(east.address(), hubs, "hub");
    hub.send(new Message.Origin(WEST_CHAIN, List.of(der(wests))));
    hub.send(new Message.Origin(HUB_CHAIN, List.of(der(hubs))));
  }

  @AfterEach
  void leave() {
    hub.close();
  }

  private static ByteBuffer der(Issued issued) throws CertificateEncodingException {
    return ByteBuffer.wrap(issued.certificate().getEncoded());
  }

  private Message.Route route(Claim claim, int chain, String... path) {
    return new Message.Route(
        ++seq,
        claim.name(),
        chain,
        claim.owner(),
        claim.instance(),
        claim.issued().toEpochMilli(),
        claim.weight(),
        List.of(path),
        ByteBuffer.wrap(claim.signature()));
  }

  private Claim signed(Identity by, HostName name, Instant at, int weight) {
    return Claim.sign(by, name, INSTANCE, at, weight);
  }

  private String answer(Message.Route route) {
    hub.send(route);
    return hub.await(Message.Ack.class, ack -> ack.seq() == route.seq()).reason();
  }

  private void isRefused(String reason, Message.Route route) {
    assertThat(answer(route)).isEqualTo(reason);
    assertThat(east.pages().knows(route.name().value())).isFalse();
    assertThat(east.pages().metric("ops_proxy_mesh_refusals_total", "reason=\"" + reason + "\""))
        .isPositive();
  }

  @Test
  void whatAnOwnerHasSignedIsPassedOn() {
    assertThat(answer(route(signed(west, WEB, now, 1), WEST_CHAIN, HUB))).isEmpty();
    east.pages().awaitName("web");
    awaitStatus(east, "\"path\":[\"" + HUB + "\",\"" + WEST + "\"]");
    hub.send(new Message.Remove(++seq, WEB, WEST));
    east.pages().awaitNoName("web");
  }

  @Test
  void aTransitPeerIsNotCutForWhatItsNeighboursChange() {
    Claim claim = signed(west, WEB, now, 1);
    for (int i = 0; i < 220; i++) {
      assertThat(answer(route(claim, WEST_CHAIN, HUB))).isEmpty();
      hub.send(new Message.Remove(++seq, WEB, WEST));
    }
    assertThat(answer(route(claim, WEST_CHAIN, HUB))).isEmpty();
    east.pages().awaitName("web");
  }

  @Test
  void aNameThatItsOwnerHasNotSignedIsRefused() {
    Claim web = signed(west, WEB, now, 1);
    Claim bank = new Claim(BANK, WEST, INSTANCE, now, 1, web.chain(), web.signature());
    isRefused("untrusted", route(bank, WEST_CHAIN, HUB));
  }

  @Test
  void aWeightThatItsOwnerHasNotSignedIsRefused() {
    Claim web = signed(west, WEB, now, 1);
    Claim heavy = new Claim(WEB, WEST, INSTANCE, now, 100, web.chain(), web.signature());
    isRefused("untrusted", route(heavy, WEST_CHAIN, HUB));
  }

  @Test
  void aClaimThatItHasSignedItselfForAnotherIsRefused() {
    Claim forged = signed(hubAsWest, WEB, now, 1);
    isRefused("untrusted", route(forged, HUB_CHAIN, HUB));
    isRefused("untrusted", route(forged, WEST_CHAIN, HUB));
  }

  @Test
  void aClaimWithoutASignatureIsRefused() {
    Message.Route bare =
        new Message.Route(++seq, WEB, 0, WEST, "", 0, 1, List.of(HUB), ByteBuffer.allocate(0));
    isRefused("untrusted", bare);
  }

  @Test
  void aClaimOfCertificatesThatItNeverToldIsRefused() {
    isRefused("no_certificate", route(signed(west, WEB, now, 1), 77, HUB));
  }

  @Test
  void aClaimOfAnAuthorityThatIsNotBelievedIsRefused() throws CertificateEncodingException {
    Issued stranger = new TestAuthority().issue("west");
    hub.send(new Message.Origin(3, List.of(der(stranger))));
    Identity strange =
        new Identity(new PeerId(WEST), List.of(stranger.certificate()), stranger.key());
    isRefused("untrusted", route(signed(strange, WEB, now, 1), 3, HUB));
  }

  @Test
  void anOlderClaimIsRefusedOnceANewerOneWasSeen() {
    Claim older = signed(west, WEB, now.minusSeconds(60), 1);
    assertThat(answer(route(older, WEST_CHAIN, HUB))).isEmpty();
    assertThat(answer(route(signed(west, WEB, now, 1), WEST_CHAIN, HUB))).isEmpty();
    east.pages().awaitName("web");
    assertThat(answer(route(older, WEST_CHAIN, HUB))).isEqualTo("untrusted");
    east.pages().awaitNoName("web");
  }

  @Test
  void aClaimThatHasEndedIsRefusedAndOneOfTomorrowToo() {
    Instant ended = now.minus(Claim.LIFE).minus(Claim.SKEW).minusSeconds(1);
    isRefused("expired", route(signed(west, WEB, ended, 1), WEST_CHAIN, HUB));
    isRefused(
        "expired", route(signed(west, WEB, now.plus(Duration.ofHours(1)), 1), WEST_CHAIN, HUB));
  }

  @Test
  void aWayThatGoesInACircleOrIsTooLongIsRefused() {
    Claim claim = signed(west, WEB, now, 1);
    isRefused("loop", route(claim, WEST_CHAIN, HUB, TestAuthority.id("east")));
    List<String> path = new ArrayList<>(Collections.nCopies(9, TestAuthority.id("other")));
    path.set(0, HUB);
    isRefused("loop", route(claim, WEST_CHAIN, path.toArray(String[]::new)));
  }

  @Test
  void aWayThatDoesNotBeginWithWhoTellsItIsRefused() {
    isRefused(
        "untrusted",
        route(signed(west, WEB, now, 1), WEST_CHAIN, TestAuthority.id("somebody else")));
    isRefused("untrusted", route(signed(west, WEB, now, 1), WEST_CHAIN));
  }

  @Test
  void whatItsOwnerTakesBackAtOnceIsNotBelievedFromOthersEither()
      throws CertificateEncodingException {
    Claim claim = signed(west, WEB, now, 1);
    try (ScriptedTrustedPeer owner = new ScriptedTrustedPeer(east.address(), wests, "west")) {
      owner.send(new Message.Origin(WEST_CHAIN, List.of(der(wests))));
      owner.send(route(claim, WEST_CHAIN));
      owner.send(new Message.Remove(2, WEB, ""));
      owner.send(new Message.Add(3, BANK));
      owner.await(Message.Ack.class, ack -> ack.name().equals(BANK));
    }
    isRefused("untrusted", route(claim, WEST_CHAIN, HUB));
  }

  @Test
  void whatItsOwnerTakesBackItselfIsNotBelievedFromOthersAnyMore() {
    Claim claim = signed(west, WEB, now, 1);
    try (ScriptedTrustedPeer owner = new ScriptedTrustedPeer(east.address(), wests, "west")) {
      owner.send(new Message.Add(1, WEB));
      owner.send(new Message.Origin(WEST_CHAIN, List.of(der(wests))));
      owner.send(route(claim, WEST_CHAIN));
      owner.await(Message.Ack.class, ack -> ack.owner().equals(WEST));
      east.pages().awaitName("web");
      owner.send(new Message.Remove(2, WEB, ""));
      east.pages().awaitNoName("web");
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
    isRefused("untrusted", route(claim, WEST_CHAIN, HUB));
  }
}
