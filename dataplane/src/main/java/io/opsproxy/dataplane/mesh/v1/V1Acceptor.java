package io.opsproxy.dataplane.mesh.v1;

import io.opsproxy.dataplane.config.value.Cidr;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.mesh.link.Link;
import io.opsproxy.dataplane.mesh.link.LinkEnd;
import io.opsproxy.dataplane.mesh.names.Introduction;
import io.opsproxy.dataplane.mesh.names.Offer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side of a v1 link that was dialled. Every REGISTER is answered, since that is how a v1 peer
 * knows that the link lives; after the first, and whenever this side's names change, SYNC tells it
 * what is served here.
 */
final class V1Acceptor extends V1Link {
  private static final Logger log = LoggerFactory.getLogger(V1Acceptor.class);

  /**
   * A Go dialler gives a link up after 30 s without a byte, and its heartbeats may be that far
   * apart.
   */
  private static final long KEEP_ALIVE = TimeUnit.SECONDS.toNanos(15);

  private volatile Offer told;
  private Offer toldBefore;
  private boolean complained;

  V1Acceptor(V1 v1, Link link, Offer offer) {
    super(v1, link, PeerLineCodec.MAX_LINE);
    told = offer.withdrawn();
    toldBefore = told;
  }

  /** The dialler speaks first. */
  @Override
  public void open() {}

  @Override
  void line(PeerLine line) {
    if (line instanceof PeerLine.Register register) {
      onRegister(register);
    } else if (line instanceof PeerLine.Unreadable unreadable) {
      // as the Go peers answer it: whatever they do not know they take for a registration
      link.write(PeerLineCodec.refused("Invalid registration"));
      if (link.state() == Link.State.OPENING) {
        link.close(LinkEnd.REFUSED, "its registration could not be read: " + unreadable.why());
      }
    }
    // any other line is one that this side has no use for
  }

  private void onRegister(PeerLine.Register register) {
    if (register.items().isEmpty() && register.skipped() > 0) {
      link.write(PeerLineCodec.refused("No valid registrations"));
      if (link.state() == Link.State.OPENING) {
        link.close(LinkEnd.REFUSED, "none of the names it registered is one");
      }
      return;
    }
    register.sender().ifPresent(link::introduced);
    List<Offer.Item> taken = link.names().add(register.items());
    if (taken.size() < register.items().size() && !complained) {
      complained = true;
      log.warn(
          "peer {} registers more names than this peer remembers; {} of {} in a line were taken",
          link.describe(),
          taken.size(),
          register.items().size());
    }
    // OK says that the names are taken: connections find them from then on
    publish(
        () -> {
          // by now the meters are there, which are much work for an event loop to make
          v1.countRegistrations(taken);
          answer(taken.size());
        });
  }

  private void answer(int taken) {
    link.write(PeerLineCodec.ok(taken));
    if (link.state() == Link.State.OPENING) {
      link.up();
      tell(v1.offer());
      log.info("link in {} up, {} names", link.describe(), link.names().backends().size());
    }
  }

  /** SYNC replaces what was told before, so that anything can be told. */
  @Override
  public boolean tell(Offer offer) {
    toldBefore = told;
    told = offer;
    sync(offer);
    return true;
  }

  @Override
  public Offer told() {
    return told;
  }

  @Override
  public void tick(long nanosSinceWrite) {
    if (link.state() == Link.State.UP && nanosSinceWrite > KEEP_ALIVE) {
      sync(told);
    }
  }

  /** It dials the address that it dialled for the link. */
  @Override
  String undialled(String cause) {
    return "it cannot dial this peer again, where it has linked to it: " + cause;
  }

  @Override
  public String explain(LinkEnd end, String why) {
    return why;
  }

  @Override
  public Duration patience() {
    return v1.settings().registrationReadTimeout();
  }

  /** It comes with DATA from where it dialled. */
  @Override
  boolean mayBringFrom(InetAddress address) {
    return origin().equals(address);
  }

  /**
   * The offer before the last counts as well: a forward may have crossed the SYNC that replaced it.
   */
  @Override
  Optional<HostName> rule(HostName name, HostPort backend) {
    Optional<HostName> rule = told.rule(name, backend);
    return rule.isPresent() ? rule : toldBefore.rule(name, backend);
  }

  private InetAddress origin() {
    return link.remote().getAddress();
  }

  @Override
  public Optional<HostPort> address() {
    return link.introduction().map(Introduction::address);
  }

  /** It says of itself where DATA is brought: that must be where peers may be. */
  @Override
  public boolean mayBeDialled(InetAddress address) {
    return v1.self()
        .config()
        .mesh()
        .legacyPeers()
        .map(ranges -> Cidr.anyContains(ranges, address))
        .orElse(true);
  }

  /** Many a peer says a name of itself that only its own network knows. */
  @Override
  public Optional<InetAddress> lastResort() {
    return Optional.of(origin());
  }
}
