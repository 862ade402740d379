package io.opsproxy.dataplane.mesh.v2;

import io.netty.buffer.ByteBuf;
import io.opsproxy.dataplane.config.model.MeshSettings.DataEncryption;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.mesh.link.Link;
import io.opsproxy.dataplane.mesh.link.LinkEnd;
import io.opsproxy.dataplane.mesh.link.LinkProtocol;
import io.opsproxy.dataplane.mesh.names.Advertisement;
import io.opsproxy.dataplane.mesh.names.Introduction;
import io.opsproxy.dataplane.mesh.names.Offer;
import io.opsproxy.dataplane.mesh.names.RefusedName;
import io.opsproxy.dataplane.mesh.stream.DataSource;
import io.opsproxy.dataplane.mesh.stream.StreamOwner;
import io.opsproxy.dataplane.mesh.v2.MessageCodec.BadFrameException;
import io.opsproxy.dataplane.trust.Refusal;
import io.opsproxy.dataplane.trust.Verdict;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said on a v2 link. Both sides do the same, but for who says HELLO first and who makes up
 * the session. Names are those of {@link HeardNames} and {@link SaidNames}.
 *
 * <pre>
 *   HANDSHAKE --verified--> GREETING --HELLO, WELCOME--> NAMES (ADD, REMOVE, ACK, PING) --> closed
 * </pre>
 *
 * <p>On the link's loop, except what says otherwise.
 */
final class V2Link implements LinkProtocol, LinkRules, HeardNames.Listener {
  private static final Logger log = LoggerFactory.getLogger(V2Link.class);
  static final int VERSION = 2;
  private static final int MOST_MESSAGES = 256;
  private static final long PING_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** How often this side looks whether signatures have become too old. */
  private static final long LOOK_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final Duration DEAD = Duration.ofSeconds(6);

  private final V2 v2;
  private final Link link;
  private final Optional<InetSocketAddress> dialled;
  private final List<X509Certificate> shown;
  private final V2Source source;
  private final HeardNames heard;
  private final SaidNames said;
  private MessageReader reader = new MessageReader();
  private volatile Verified peer;
  private volatile Message.Hello other;
  private volatile Session session;
  private volatile boolean thisPeer;
  private V2.Place place;
  private long lastPing;
  private long lastLook = System.nanoTime();
  private volatile long rttNanos = -1;

  /**
   * @param dialled the address that was dialled; empty where the other side dialled
   */
  V2Link(V2 v2, Link link, Optional<InetSocketAddress> dialled, Offer first) {
    this.v2 = v2;
    this.link = link;
    this.dialled = dialled;
    source = new V2Source(v2, this);
    shown = shownNow();
    heard = new HeardNames(v2, link, this, this::send, this);
    said = new SaidNames(v2, link, this, first, this::send);
  }

  /** What this side shows of itself. */
  private List<X509Certificate> shownNow() {
    return v2.credentials().map(own -> own.identity().chain()).orElse(List.of());
  }

  // greeting

  @Override
  public void open() {
    if (dialled.isPresent()) {
      send(hello());
    }
  }

  private Message.Hello hello() {
    return new Message.Hello(
        VERSION,
        v2.instance(),
        said.told().self().name(),
        said.told().self().address().toString(),
        v2.self().config().mesh().weight(),
        isAlwaysHere());
  }

  private boolean isAlwaysHere() {
    return v2.self().config().mesh().dataEncryption() == DataEncryption.ALWAYS;
  }

  /** The other end is who its certificate says. */
  void verified(Verified who) {
    peer = who;
  }

  /** HELLO came; what follows it is in the reader. */
  void greeted(Message.Hello hello, MessageReader rest) {
    reader = rest;
    onHello(hello);
  }

  private void onHello(Message.Hello hello) {
    if (other != null || hello.version() < VERSION) {
      link.close(LinkEnd.REFUSED, "its HELLO is not one of protocol v2");
      return;
    }
    if (hello.instance().equals(v2.instance())) {
      if (dialled.isPresent() || thisPeer) {
        thisPeer = true;
        link.close(LinkEnd.REFUSED, "this very peer answers at that address");
      } else {
        // the other end, which is this peer as well, learns it by that and closes
        thisPeer = true;
        send(hello());
      }
      return;
    }
    HostPort address;
    try {
      address = HostPort.parse(hello.address());
    } catch (IllegalArgumentException e) {
      link.close(LinkEnd.REFUSED, "its own address is no host:port");
      return;
    }
    other = hello;
    link.introduced(new Introduction(peer.id().value(), address));
    if (dialled.isEmpty()) {
      Message.Welcome welcome = new Message.Welcome(Tokens.random(16), Tokens.random(32));
      send(hello());
      send(welcome);
      up(welcome);
    }
  }

  private void up(Message.Welcome welcome) {
    try {
      session = new Session(v2, this, peer.id(), welcome, dialled);
    } catch (IllegalArgumentException e) {
      link.close(LinkEnd.REFUSED, e.getMessage());
      return;
    }
    place = new V2.Place(peer.id().value(), other.address(), dialled.isPresent());
    heard.weight(other.weight());
    v2.opened(session, place, this, said);
    said.tell(said.told());
    said.askForClaims();
    link.up();
    link.told();
    log.info("link {} {} up, protocol v2", link.direction().label(), link.describe());
  }

  // reading

  @Override
  public void take(ByteBuf bytes) {
    reader.append(bytes);
  }

  @Override
  public Work work() {
    try {
      for (int i = 0; i < MOST_MESSAGES; i++) {
        if (heard.isWaiting()) {
          return Work.WAITS;
        }
        Message message = link.state() == Link.State.CLOSED ? null : reader.next();
        if (message == null) {
          heard.publish();
          return heard.isWaiting() ? Work.WAITS : Work.DONE;
        }
        onMessage(message);
      }
    } catch (BadFrameException e) {
      link.close(LinkEnd.LINE_TOO_LONG, e.getMessage());
      return Work.DONE;
    }
    heard.publish();
    return heard.isWaiting() ? Work.WAITS : Work.MORE;
  }

  private void onMessage(Message message) {
    if (message instanceof Message.Hello hello) {
      onHello(hello);
    } else if (other == null) {
      link.close(LinkEnd.REFUSED, "its first message is not HELLO");
    } else if (message instanceof Message.Welcome welcome) {
      if (dialled.isPresent() && session == null) {
        up(welcome);
      }
    } else if (message instanceof Message.Add add) {
      heard.onAdd(add);
    } else if (message instanceof Message.Remove remove) {
      heard.onRemove(remove);
    } else if (message instanceof Message.Origin origin) {
      heard.onOrigin(origin);
    } else if (message instanceof Message.Route route) {
      heard.onRoute(route);
    } else if (message instanceof Message.Carry carry) {
      said.onCarry(carry);
    } else if (message instanceof Message.Ack ack) {
      said.onAck(ack);
    } else if (message instanceof Message.Ping ping) {
      send(new Message.Pong(ping.stamp()));
    } else if (message instanceof Message.Pong pong) {
      rttNanos = Math.max(0, System.nanoTime() - pong.stamp());
    } else if (message instanceof Message.Want want) {
      if (dialled.isPresent() && session != null) {
        session.dialMore(want.count(), want.secure() || isEncryptedAlways(), true, null);
      }
    }
    // whatever else there is comes from a later version, and is passed over
  }

  // names

  @Override
  public List<Advertisement<StreamOwner>> advertisements(Set<HostName> names, StreamOwner of) {
    return heard.advertisements(names);
  }

  @Override
  public boolean hasTakenBack() {
    return heard.hasTakenBack();
  }

  @Override
  public void leadsSomewhere() {
    session.fill(isEncryptedAlways());
  }

  @Override
  public void cut(String owner) {
    session.cut(owner);
  }

  @Override
  public boolean tell(Offer next) {
    if (dialled.isPresent() && !shown.equals(shownNow())) {
      // a renewed certificate is shown by a new link, before this one leaves
      return false;
    }
    said.tell(next);
    return true;
  }

  @Override
  public Offer told() {
    return said.told();
  }

  @Override
  public List<RefusedName> refusedNames() {
    return said.refused();
  }

  /** What this side has told, and the other may ask for. Any thread. */
  SaidNames said() {
    return said;
  }

  // who is at the two ends

  @Override
  public String ownId() {
    return v2.ownId();
  }

  @Override
  public String otherId() {
    return peer.id().value();
  }

  @Override
  public boolean isReplica() {
    return otherId().equals(ownId());
  }

  @Override
  public boolean mayOwn(HostName name) {
    return peer.admitted().grant().mayOwn(name);
  }

  @Override
  public boolean mayTransit() {
    return peer.admitted().grant().mayTransit();
  }

  @Override
  public boolean isTransit() {
    return v2.isTransit();
  }

  @Override
  public boolean isServedHere(HostName name) {
    return v2.self().localRoute(name).isPresent();
  }

  // life

  private void send(Message message) {
    link.write(MessageCodec.encode(message));
  }

  @Override
  public void tick(long nanosSinceWrite) {
    long now = System.nanoTime();
    if (session != null && now - lastPing >= PING_NANOS && link.isWritable()) {
      lastPing = now;
      send(new Message.Ping(now));
      if (now - lastLook >= LOOK_NANOS) {
        lastLook = now;
        heard.expire(Instant.now());
        said.prove();
        link.goOn();
      }
    }
    Verified who = peer;
    if (who != null && Instant.now().isAfter(who.admitted().expires())) {
      cut(
          new Verdict.Refused(
              Refusal.EXPIRED,
              Optional.of(who.id()),
              "the certificate of " + who.id() + " has ended",
              "renew it"));
    }
  }

  @Override
  public Duration patience() {
    return session == null ? v2.self().config().peer().connectionTimeout().plus(DEAD) : DEAD;
  }

  /** Trust, or what is served here, may have changed. Any thread. */
  void recheck() {
    OnLoop.run(
        link.loop(),
        () -> {
          if (link.state() == Link.State.CLOSED) {
            return;
          }
          Verdict verdict = v2.admit(peer.chain(), Optional.of(peer.id()));
          if (verdict instanceof Verdict.Admitted admitted) {
            peer = new Verified(peer.chain(), admitted);
            heard.recheck();
            said.askForClaims();
            said.prove();
            link.goOn();
          } else {
            cut((Verdict.Refused) verdict);
          }
        });
  }

  private void cut(Verdict.Refused refused) {
    v2.refused(link.remote(), refused);
    Session its = session;
    link.close(LinkEnd.REFUSED, refused.message() + "; " + refused.remedy());
    if (its != null) {
      its.cut();
    }
  }

  /** A newer instance of the peer is at its place. Any thread. */
  void replaced() {
    OnLoop.run(
        link.loop(), () -> link.close(LinkEnd.REPLACED, "a newer instance of its peer is there"));
  }

  String instanceOfOther() {
    return other.instance();
  }

  @Override
  public String explain(LinkEnd end, String why) {
    return end == LinkEnd.ENDED || end == LinkEnd.BROKEN
        ? why
            + "; the other side may not trust this peer's certificate, or may have no mesh.identity:"
            + " its log names the cause"
        : why;
  }

  @Override
  public void closed() {
    if (session != null) {
      session.close();
      v2.closed(session, place, this, said);
    }
  }

  @Override
  public DataSource source() {
    return source;
  }

  @Override
  public Optional<String> identity() {
    Verified who = peer;
    return Optional.ofNullable(who).map(known -> known.id().value());
  }

  @Override
  public String version() {
    return "v2";
  }

  @Override
  public boolean isThisPeer() {
    return thisPeer;
  }

  @Override
  public Optional<Duration> roundTrip() {
    return rttNanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(rttNanos));
  }

  @Override
  public Optional<Instant> certificateExpires() {
    Verified who = peer;
    return Optional.ofNullable(who).map(known -> known.admitted().expires());
  }

  @Override
  public Optional<String> instance() {
    return Optional.ofNullable(other).map(Message.Hello::instance);
  }

  // data

  Link link() {
    return link;
  }

  /** Empty before the link is up. Any thread, once it is. */
  Optional<Session> session() {
    return Optional.ofNullable(session);
  }

  /** Where the two sides differ, the stricter one holds. */
  boolean isEncryptedAlways() {
    return isAlwaysHere() || (other != null && other.always());
  }

  /** The other side is to dial. Any thread. */
  void want(int count, boolean encrypted) {
    OnLoop.run(
        link.loop(),
        () -> {
          if (link.state() == Link.State.UP && link.isWritable()) {
            send(new Message.Want(count, encrypted));
          }
        });
  }
}
