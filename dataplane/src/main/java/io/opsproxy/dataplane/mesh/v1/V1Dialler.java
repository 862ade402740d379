package io.opsproxy.dataplane.mesh.v1;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.mesh.link.Link;
import io.opsproxy.dataplane.mesh.link.LinkEnd;
import io.opsproxy.dataplane.mesh.names.Offer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side of a v1 link that dialled. It registers, and again every heartbeat; once registered it
 * sends SYNC, from which a Go acceptor learns the address to dial for DATA.
 */
final class V1Dialler extends V1Link {
  private static final Logger log = LoggerFactory.getLogger(V1Dialler.class);

  /** How long an answer to a heartbeat may take. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private static final int ITEMS_OF_SYNC = 200;
  private volatile Offer offer;
  private Offer before;
  private int expectedAnswers;
  private long lastHeartbeat;
  private boolean spoken;

  V1Dialler(V1 v1, Link link, Offer first) {
    super(v1, link, PeerLineCodec.MAX_LINE_FROM_REMOTE);
    offer = first;
    before = first;
  }

  @Override
  public void open() {
    register();
  }

  private void register() {
    lastHeartbeat = System.nanoTime();
    for (String line : PeerLineCodec.register(offer.self(), offer.items())) {
      expectedAnswers++;
      link.write(line);
    }
  }

  /** Names can be added over a v1 link; to take one back needs another link. */
  @Override
  public boolean tell(Offer next) {
    if (next.takesBackFrom(offer)) {
      return false;
    }
    before = offer;
    offer = next;
    register();
    syncAddress();
    return true;
  }

  @Override
  public Offer told() {
    return offer;
  }

  @Override
  void line(PeerLine line) {
    spoken |= !(line instanceof PeerLine.Unreadable);
    if (line instanceof PeerLine.Ok) {
      expectedAnswers = Math.max(0, expectedAnswers - 1);
      if (expectedAnswers == 0) {
        before = offer;
        registered();
      }
    } else if (line instanceof PeerLine.Refused refused) {
      if (offer.items().isEmpty()) {
        // a Go acceptor takes no registration without a name; the link may live all the same
        registered();
      } else {
        link.close(LinkEnd.REFUSED, "the other side refused the registration: " + refused.reason());
      }
    }
  }

  private void registered() {
    if (link.state() == Link.State.OPENING) {
      syncAddress();
      link.up();
    }
  }

  /**
   * The acceptor has all names from REGISTER; SYNC is for the address, and must fit into a line of
   * its.
   */
  private void syncAddress() {
    List<Offer.Item> items = offer.items();
    sync(
        items.size() > ITEMS_OF_SYNC
            ? new Offer(offer.self(), items.subList(0, ITEMS_OF_SYNC))
            : offer);
  }

  /** It dials what this peer says of itself. */
  @Override
  String undialled(String cause) {
    HostPort own = offer.self().address();
    String what =
        "it cannot dial this peer at "
            + own
            + ", which this peer tells others as its own address; set peer.local_peer_addr"
            + " (LOCAL_PEER_ADDR) to one that they reach: "
            + cause;
    if (v1.complainsFirst(own)) {
      log.warn("peer {}: {}", link.describe(), what);
    }
    return what;
  }

  @Override
  public String explain(LinkEnd end, String why) {
    boolean silence =
        end == LinkEnd.ENDED
            || end == LinkEnd.BROKEN
            || end == LinkEnd.SILENT
            || end == LinkEnd.LINE_TOO_LONG;
    return silence && !spoken
        ? why + ", and it said no word of the protocol: is this the port of a peer?"
        : why;
  }

  @Override
  public void tick(long nanosSinceWrite) {
    if (link.state() == Link.State.UP
        && System.nanoTime() - lastHeartbeat >= v1.settings().heartbeatInterval().toNanos()) {
      expectedAnswers = 0;
      register();
    }
  }

  @Override
  public Duration patience() {
    Duration answer = v1.settings().registrationReadTimeout();
    Duration patience = answer.compareTo(ANSWER) < 0 ? answer : ANSWER;
    return link.state() == Link.State.OPENING
        ? patience
        : v1.settings().heartbeatInterval().plus(patience);
  }

  /** It may have several addresses, of which the one that was reached is known: the id must do. */
  @Override
  boolean mayBringFrom(InetAddress address) {
    return true;
  }

  /** Until the answer came, the other side may still go by what it was told before. */
  @Override
  Optional<HostName> rule(HostName name, HostPort backend) {
    Optional<HostName> rule = offer.rule(name, backend);
    return rule.isPresent() ? rule : before.rule(name, backend);
  }

  /** The peer that this link reached, and no other behind the same name. */
  @Override
  public Optional<HostPort> address() {
    return Optional.of(
        new HostPort(link.remote().getAddress().getHostAddress(), link.remote().getPort()));
  }

  @Override
  public boolean mayBeDialled(InetAddress address) {
    return true;
  }

  @Override
  public Optional<InetAddress> lastResort() {
    return Optional.empty();
  }
}
