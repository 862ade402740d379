package io.opsproxy.dataplane.mesh.v2;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.mesh.names.Advertisement;
import io.opsproxy.dataplane.mesh.names.Route;
import io.opsproxy.dataplane.mesh.stream.StreamOwner;
import io.opsproxy.dataplane.testing.TestAuthority;
import io.opsproxy.dataplane.trust.Claim;
import io.opsproxy.dataplane.trust.Identity;
import io.opsproxy.dataplane.trust.PeerId;
import io.opsproxy.dataplane.trust.issue.Issued;
import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Names of others on one link: what one side passes on, and what the other makes of it. */
class RoutesTest {
  private static final String INSTANCE = "00112233445566778899aabbccddeeff";
  private final TestAuthority authority = new TestAuthority();
  private final Instant now = Instant.ofEpochMilli(Instant.now().toEpochMilli());
  private final List<Message> sent = new ArrayList<>();
  private long seq;
  private final PassedRoutes passed =
      new PassedRoutes(new ElsewhereLinked(), new Ends("hub", "east"), () -> ++seq, sent::add);
  private final LearnedRoutes learned = new LearnedRoutes(new Ends("east", "hub"), new Freshness());

  private record Ends(String ownId, String otherId) implements LinkRules {
    @Override
    public boolean isReplica() {
      return false;
    }

    @Override
    public boolean mayOwn(HostName name) {
      return true;
    }

    @Override
    public boolean mayTransit() {
      return true;
    }

    @Override
    public boolean isTransit() {
      return true;
    }

    @Override
    public boolean isServedHere(HostName name) {
      return false;
    }
  }

  private static HostName name(int number) {
    return HostName.exact("name-" + number).orElseThrow();
  }

  private Claim claim(int number) {
    Issued issued = authority.issue("owner-" + number);
    Identity identity =
        new Identity(
            new PeerId(TestAuthority.id("owner-" + number)),
            List.of(issued.certificate()),
            issued.key());
    return Claim.sign(identity, name(number), INSTANCE, now, 1);
  }

  /** The link that the name came over is another one, whose state nobody asks. */
  private static Advertisement<StreamOwner> way(Claim claim) {
    return new Advertisement<>(
        claim.name(),
        new ElsewhereLinked(),
        1,
        Optional.of(claim.owner()),
        new Route(false, List.of(), false, Optional.of(claim)));
  }

  private void change(HostName name, List<Advertisement<StreamOwner>> ways) {
    passed.changed(Map.of(name, ways));
    while (passed.tell()) {
      // all of it
    }
  }

  /** Hands over what was sent; each route must speak of its own owner's certificates. */
  private void deliver(Map<HostName, Claim> claims) {
    Map<Integer, List<ByteBuffer>> origins = new HashMap<>();
    origins.putAll(shown);
    for (Message message : sent) {
      if (message instanceof Message.Origin origin) {
        origins.put(origin.number(), origin.chain());
        learned.onOrigin(origin);
      } else if (message instanceof Message.Route route) {
        assertThat(origins.get(route.origin())).isEqualTo(encoded(claims.get(route.name())));
        learned.onRoute(route);
      } else if (message instanceof Message.Remove remove) {
        learned.onRemove(new RouteKey(remove.name(), remove.owner()));
      }
    }
    shown.putAll(origins);
    sent.clear();
  }

  private final Map<Integer, List<ByteBuffer>> shown = new HashMap<>();

  private static List<ByteBuffer> encoded(Claim claim) {
    try {
      return List.of(ByteBuffer.wrap(claim.chain().get(0).getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void certificatesOfMoreOwnersThanALinkHoldsAreToldWhenOthersAreGone() {
    Map<HostName, Claim> claims = new HashMap<>();
    int more = 10;
    for (int i = 0; i < MessageCodec.MAX_ORIGIN + more; i++) {
      Claim claim = claim(i);
      claims.put(claim.name(), claim);
      change(claim.name(), List.of(way(claim)));
    }
    deliver(claims);
    assertThat(learned.size()).isEqualTo(MessageCodec.MAX_ORIGIN);
    int last = MessageCodec.MAX_ORIGIN + more - 1;
    assertThat(passed.hasTold(name(last), claims.get(name(last)).owner())).isFalse();
    for (int i = 0; i < more; i++) {
      change(name(i), List.of());
    }
    change(name(last), List.of(way(claims.get(name(last)))));
    deliver(claims);
    assertThat(passed.hasTold(name(last), claims.get(name(last)).owner())).isTrue();
    assertThat(learned.size()).isEqualTo(MessageCodec.MAX_ORIGIN - more + 1);
    assertThat(learned.knows(new RouteKey(name(0), claims.get(name(0)).owner()))).isFalse();
  }

  private Message.Route route(int number, int origin) {
    return new Message.Route(
        ++seq,
        name(number),
        origin,
        "owner",
        INSTANCE,
        now.toEpochMilli(),
        1,
        List.of("hub"),
        ByteBuffer.allocate(8));
  }

  @Test
  void certificatesThatAreReplacedTakeWithThemWhatSpokeOfThem() {
    learned.onOrigin(new Message.Origin(1, List.of(ByteBuffer.allocate(100))));
    learned.onOrigin(new Message.Origin(2, List.of(ByteBuffer.allocate(100))));
    learned.onRoute(route(1, 1));
    learned.onRoute(route(2, 2));
    learned.onOrigin(new Message.Origin(1, List.of(ByteBuffer.allocate(100))));
    assertThat(learned.size()).isEqualTo(1);
    assertThat(learned.knows(new RouteKey(name(2), "owner"))).isTrue();
  }

  @Test
  void certificatesBeyondTheBoundInBytesAreNotHeld() {
    int most = MessageCodec.MAX_CHAINS / MessageCodec.MAX_CHAIN;
    for (int i = 1; i <= most + 1; i++) {
      learned.onOrigin(new Message.Origin(i, List.of(ByteBuffer.allocate(MessageCodec.MAX_CHAIN))));
    }
    learned.onRoute(route(1, most));
    learned.onRoute(route(2, most + 1));
    List<LearnedRoutes.Told> told = learned.toJudge();
    assertThat(told.get(0).chain().orElseThrow().size()).isEqualTo(MessageCodec.MAX_CHAIN);
    assertThat(told.get(1).chain().orElseThrow().size()).isZero();
  }

  @Test
  void anAnswerIsRememberedAsLongAsWhatItAnswers() {
    learned.onRoute(route(1, 0));
    LearnedRoutes.Told first = learned.toJudge().get(0);
    assertThat(learned.answered(first, "loop")).isTrue();
    assertThat(learned.answered(first, "loop")).as("once").isFalse();
    learned.onRemove(first.key());
    assertThat(learned.answered(first, "loop")).as("nobody waits for it").isFalse();
    learned.onRoute(route(1, 0));
    assertThat(learned.answered(learned.toJudge().get(0), "loop")).as("told anew").isTrue();
  }

  @Test
  void whatIsNotSignedAnewIsForgotten() {
    learned.onOrigin(new Message.Origin(1, List.of(ByteBuffer.allocate(100))));
    learned.onRoute(route(1, 1));
    learned.expire(now);
    assertThat(learned.size()).isEqualTo(1);
    learned.expire(now.plus(Claim.LIFE).plus(Claim.SKEW).plusSeconds(1));
    assertThat(learned.size()).isZero();
  }
}
