package io.opsproxy.dataplane.mesh;

import io.opsproxy.dataplane.config.HostName;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.dataplane.relay.Stream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A link that this peer dialled. It registers, and again every heartbeat; once registered it sends
 * SYNC, from which a Go acceptor learns the address to dial for DATA.
 */
final class DialledLink extends Link {
  /** How long an answer to a heartbeat may take. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** Of a peer that the configuration names; what others register does not use it up. */
  private static final int MAX_NAMES = 20_000;

  private final RemoteAddress owner;
  private Offer offer;
  private Offer before;
  private int expectedAnswers;
  private long lastHeartbeat;
  private String refusal = "";

  DialledLink(Mesh mesh, RemoteAddress owner, Stream stream, Offer offer) {
    super(mesh, stream, PeerLineCodec.MAX_LINE_FROM_REMOTE, new NameBudget(MAX_NAMES));
    this.owner = owner;
    this.offer = offer;
    this.before = offer;
  }

  @Override
  void open() {
    super.open();
    sendRegistration();
  }

  private void sendRegistration() {
    lastHeartbeat = System.nanoTime();
    for (String line : PeerLineCodec.register(offer.sender(), offer.items())) {
      expectedAnswers++;
      write(line);
    }
  }

  /** The names changed, and none was taken back: told over this link. On its loop. */
  void extend(Offer next) {
    before = offer;
    offer = next;
    sendRegistration();
    write(PeerLineCodec.sync(offer.sender(), firstLineOf(offer)));
  }

  /** A newer link has taken over. On its loop. */
  void retire() {
    leave();
  }

  @Override
  void line(PeerLine line) {
    if (line instanceof PeerLine.Ok) {
      expectedAnswers = Math.max(0, expectedAnswers - 1);
      if (expectedAnswers == 0) {
        before = offer;
        onRegistered();
      }
    } else if (line instanceof PeerLine.Refused refused) {
      refusal = refused.reason();
      if (offer.items().isEmpty()) {
        // a Go acceptor takes no registration without a name; the link may live all the same
        onRegistered();
      } else {
        close("the other side refused the registration: " + refusal);
      }
    }
  }

  private void onRegistered() {
    if (state() == State.OPENING) {
      up();
      write(PeerLineCodec.sync(offer.sender(), firstLineOf(offer)));
      owner.linkUp(this);
    }
  }

  /**
   * The acceptor has all names from REGISTER; SYNC is for the address, and must fit into a line of
   * its.
   */
  private static List<PeerLine.Item> firstLineOf(Offer offer) {
    return offer.items().size() > 200 ? offer.items().subList(0, 200) : offer.items();
  }

  @Override
  void tick(long nanosSinceWrite) {
    if (state() == State.UP
        && System.nanoTime() - lastHeartbeat
            >= mesh.config().peer().heartbeatInterval().toNanos()) {
      expectedAnswers = 0;
      sendRegistration();
    }
  }

  @Override
  Duration readTimeout() {
    Duration answer = mesh.config().peer().registrationReadTimeout();
    Duration patience = answer.compareTo(ANSWER) < 0 ? answer : ANSWER;
    return state() == State.OPENING
        ? patience
        : mesh.config().peer().heartbeatInterval().plus(patience);
  }

  @Override
  void onSynced() {
    owner.synced(this);
  }

  @Override
  void closed(String why) {
    owner.linkClosed(this, why);
  }

  @Override
  String direction() {
    return "out";
  }

  /** The peer that this link reached, and no other behind the same name. */
  @Override
  Optional<HostPort> dataAddress() {
    return Optional.of(new HostPort(source().getHostAddress(), remote().getPort()));
  }

  @Override
  Offer told() {
    return offer;
  }

  /** Until the answer came, the other side may still go by what it was told before. */
  @Override
  Optional<HostName> rule(HostName name, HostPort backend) {
    Optional<HostName> rule = offer.rule(name, backend);
    return rule.isPresent() ? rule : before.rule(name, backend);
  }
}
