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
import io.opsproxy.dataplane.mesh.names.Route;
import io.opsproxy.dataplane.mesh.stream.DataSource;
import io.opsproxy.dataplane.mesh.stream.Passage;
import io.opsproxy.dataplane.mesh.stream.StreamOwner;
import io.opsproxy.dataplane.mesh.v2.MessageCodec.BadFrameException;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.trust.Claim;
import io.opsproxy.dataplane.trust.Credentials;
import io.opsproxy.dataplane.trust.Refusal;
import io.opsproxy.dataplane.trust.Verdict;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said on a v2 link. Both sides do the same, but for who says HELLO first and who makes up
 * the session.
 *
 * <pre>
 *   HANDSHAKE --verified--> GREETING --HELLO, WELCOME--> NAMES (ADD, REMOVE, ACK, PING) --> closed
 * </pre>
 *
 * <p>A name that the other side tells is taken when its certificate may own it by this peer's own
 * trust, and when this peer does not serve it itself; else it is refused by itself, and the other
 * side is told why. On the link's loop, except what says otherwise.
 */
final class V2Link
    implements LinkProtocol, LearnedRoutes.Teller, PassedRoutes.Rules, Passing.Listener {
  private static final Logger log = LoggerFactory.getLogger(V2Link.class);
  static final int VERSION = 2;
  private static final String LIMIT = "limit";

  /** Names that one peer may tell, whatever becomes of them. */
  private static final int MOST_CLAIMS = 20_000;

  /** Lines in the log about names of one link; the metric counts them all. */
  private static final int MOST_COMPLAINTS = 20;

  private static final int MOST_MESSAGES = 256;
  private static final long PING_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** How often this side looks whether its claims are to be signed anew. */
  private static final long PROOF_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final Duration DEAD = Duration.ofSeconds(6);

  private final V2 v2;
  private final Link link;
  private final Optional<InetSocketAddress> dialled;
  private MessageReader reader = new MessageReader();
  private final V2Source source;
  private volatile Offer told;
  private volatile Verified peer;
  private volatile Message.Hello other;
  private volatile Session session;
  private V2.Place place;
  private boolean waiting;
  private boolean changed;
  private long lastSeq;
  private long lastPing;
  private volatile long rttNanos = -1;
  private int complaints;
  private final List<X509Certificate> shown;
  private volatile Set<HostName> mine = Set.of();

  /** What the other side tells, with the sequence number of its telling. */
  private final Map<HostName, Long> claims = new LinkedHashMap<>();

  /** What was last answered to each. */
  private final Map<HostName, String> answers = new LinkedHashMap<>();

  private volatile Map<HostName, Message.Ack> refusedThere = Map.of();

  /** What the other side passes on, and what this side does. */
  private final LearnedRoutes routes;

  private final PassedRoutes passed;
  private final Map<RouteKey, String> answersToRoutes = new LinkedHashMap<>();
  private boolean routesChanged;
  private boolean changedItself;
  private boolean isAskedForClaims;
  private boolean asksForClaims;
  private List<Claim> proved = List.of();
  private long lastProof = System.nanoTime();
  private volatile boolean thisPeer;

  /**
   * @param dialled the address that was dialled; empty where the other side dialled
   */
  V2Link(V2 v2, Link link, Optional<InetSocketAddress> dialled, Offer first) {
    this.v2 = v2;
    this.link = link;
    this.dialled = dialled;
    told = first;
    source = new V2Source(v2, this);
    shown = shownNow();
    routes = new LearnedRoutes(this, v2.freshness());
    passed = new PassedRoutes(link, this, this::send);
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
        told.self().name(),
        told.self().address().toString(),
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
      thisPeer = true;
      if (dialled.isPresent()) {
        link.close(LinkEnd.REFUSED, "this very peer answers at that address");
      } else {
        // the other end, which is this peer as well, learns it by that and closes
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
    v2.opened(session, place, this);
    Offer first = told;
    told = first.withdrawn();
    tell(first);
    askForClaims();
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
        if (waiting) {
          return Work.WAITS;
        }
        Message message = link.state() == Link.State.CLOSED ? null : reader.next();
        if (message == null) {
          publish();
          return waiting ? Work.WAITS : Work.DONE;
        }
        onMessage(message);
      }
    } catch (BadFrameException e) {
      link.close(LinkEnd.LINE_TOO_LONG, e.getMessage());
      return Work.DONE;
    }
    publish();
    return waiting ? Work.WAITS : Work.MORE;
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
      onAdd(add);
    } else if (message instanceof Message.Remove remove) {
      onRemove(remove);
    } else if (message instanceof Message.Origin origin) {
      routes.onOrigin(origin);
    } else if (message instanceof Message.Route route) {
      onRoute(route);
    } else if (message instanceof Message.Carry carry) {
      isAskedForClaims = carry.on();
      proved = List.of();
      prove();
    } else if (message instanceof Message.Ack ack) {
      onAck(ack);
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

  private void onAdd(Message.Add add) {
    if (claims.size() + routes.size() >= MOST_CLAIMS && !claims.containsKey(add.name())) {
      send(new Message.Ack(add.seq(), add.name(), LIMIT, "this peer remembers no more names", ""));
      return;
    }
    claims.put(add.name(), add.seq());
    answers.remove(add.name());
    changed = true;
  }

  private void onRemove(Message.Remove remove) {
    if (remove.owner().isEmpty()) {
      changed |= claims.remove(remove.name()) != null;
      routesChanged |= routes.onRemove(remove.name());
      answers.remove(remove.name());
    } else {
      RouteKey key = new RouteKey(remove.name(), remove.owner());
      routesChanged |= routes.onRemove(key);
      answersToRoutes.remove(key);
    }
  }

  private void onRoute(Message.Route route) {
    if (claims.size() + routes.size() >= MOST_CLAIMS) {
      send(
          new Message.Ack(
              route.seq(),
              route.name(),
              LIMIT,
              "this peer remembers no more names",
              route.owner()));
    } else {
      answersToRoutes.remove(new RouteKey(route.name(), route.owner()));
      routes.onRoute(route);
    }
  }

  private void onAck(Message.Ack ack) {
    if (!ack.owner().isEmpty() || !mine.contains(ack.name())) {
      // its owner hears of it from the peers that it is linked to
      return;
    }
    Map<HostName, Message.Ack> refused = new LinkedHashMap<>(refusedThere);
    if (ack.reason().isEmpty()) {
      refused.remove(ack.name());
    } else {
      refused.put(ack.name(), ack);
      log.warn(
          "peer {} refuses name {}: {}: {}",
          link.describe(),
          ack.name(),
          ack.reason(),
          ack.message());
    }
    refusedThere = Map.copyOf(refused);
  }

  // names of the other side

  private Answer judge(HostName name) {
    if (isReplica()) {
      return Answer.TAKEN;
    }
    if (!peer.admitted().grant().mayOwn(name)) {
      return new Answer(
          Refusal.NAME_NOT_ALLOWED.word(),
          "the trust of this peer does not let "
              + peer.id()
              + " own it; add it to names of its entry of mesh.trust there");
    }
    if (isServedHere(name)) {
      return new Answer(
          Refusal.NAME_TAKEN.word(),
          "this peer serves it by its own configuration, which comes first");
    }
    return Answer.TAKEN;
  }

  private void publish() {
    if (waiting || link.state() != Link.State.UP) {
      return;
    }
    List<LearnedRoutes.Told> unjudged = routes.toJudge();
    if (!unjudged.isEmpty()) {
      judge(unjudged);
    } else if (changed || routesChanged) {
      advertise();
    }
  }

  /** Signatures are checked on another thread; nothing more is read meanwhile. */
  private void judge(List<LearnedRoutes.Told> unjudged) {
    waiting = true;
    Set<Claim> known = routes.claims();
    v2.compute(
        () -> {
          List<LearnedRoutes.Judged> judged =
              routes.judge(
                  unjudged, known, v2.credentials().map(Credentials::trust), Instant.now());
          OnLoop.run(link.loop(), () -> judged(judged));
        });
  }

  private void judged(List<LearnedRoutes.Judged> judged) {
    waiting = false;
    if (link.state() == Link.State.CLOSED) {
      return;
    }
    for (LearnedRoutes.Judged one : judged) {
      routesChanged |= routes.apply(one);
      answer(one.told(), one.answer());
      if (one.cut()) {
        session.cut(one.told().key().owner());
      }
    }
    link.goOn();
  }

  private void answer(LearnedRoutes.Told told, Answer answer) {
    RouteKey key = told.key();
    if (!answer.reason().equals(answersToRoutes.put(key, answer.reason()))) {
      send(new Message.Ack(told.seq(), key.name(), answer.reason(), answer.message(), key.owner()));
      if (!answer.isTaken()) {
        complain(key.name(), answer);
      }
    }
  }

  @Override
  public boolean hasChangedItself() {
    return changedItself;
  }

  private void advertise() {
    boolean otherwise = routesChanged;
    changedItself = changed;
    changed = false;
    routesChanged = false;
    waiting = true;
    Map<HostName, Answer> judged = new LinkedHashMap<>();
    Map<HostName, Offer.Item> taken = new LinkedHashMap<>();
    HostPort address = link.introduction().orElseThrow().address();
    for (HostName name : claims.keySet()) {
      Answer answer = judge(name);
      judged.put(name, answer);
      if (answer.isTaken()) {
        taken.put(name, new Offer.Item(name, address));
        if (!link.names().backends().containsKey(name)) {
          v2.self().metrics().name(name.value()).count(Metric.CLIENT_REGISTRATIONS);
        }
      }
    }
    for (LearnedRoutes.Told told : routes.taken()) {
      HostName name = told.key().name();
      taken.putIfAbsent(name, new Offer.Item(name, address));
    }
    link.names().list(List.copyOf(taken.values()));
    link.names()
        .publish(
            otherwise,
            () -> {
              waiting = false;
              if (link.state() != Link.State.CLOSED) {
                answer(judged);
              }
              link.goOn();
            });
  }

  @Override
  public List<Advertisement<StreamOwner>> advertisements(Set<HostName> names, StreamOwner of) {
    List<Advertisement<StreamOwner>> all = new ArrayList<>();
    boolean replica = isReplica();
    for (HostName name : claims.keySet()) {
      if (names.contains(name) && judge(name).isTaken()) {
        Optional<Claim> proof = routes.proof(name);
        all.add(
            new Advertisement<>(
                name, of, other.weight(), identity(), new Route(false, List.of(), replica, proof)));
      }
    }
    for (LearnedRoutes.Told told : routes.taken()) {
      if (names.contains(told.key().name())) {
        all.add(
            new Advertisement<>(
                told.key().name(),
                of,
                told.weight(),
                Optional.of(told.key().owner()).filter(owner -> !owner.equals(Passage.NOBODY)),
                new Route(true, told.path(), replica, told.claim())));
      }
    }
    return all;
  }

  private void answer(Map<HostName, Answer> judged) {
    judged.forEach(
        (name, verdict) -> {
          Long seq = claims.get(name);
          Answer answer = verdict;
          if (answer.isTaken() && !link.names().backends().containsKey(name)) {
            answer = new Answer(LIMIT, "this peer remembers no more names");
          }
          if (seq != null && !answer.reason().equals(answers.get(name))) {
            answers.put(name, answer.reason());
            send(new Message.Ack(seq, name, answer.reason(), answer.message(), ""));
            if (!answer.isTaken()) {
              complain(name, answer);
            }
          }
        });
    if (!link.names().backends().isEmpty()) {
      session.fill(isEncryptedAlways());
    }
  }

  private void complain(HostName name, Answer answer) {
    v2.self().metrics().count(Metric.MESH_REFUSALS, answer.reason());
    if (++complaints <= MOST_COMPLAINTS) {
      log.warn(
          "name {} of peer {} refused: {}: {}{}",
          name,
          link.describe(),
          answer.reason(),
          answer.message(),
          complaints == MOST_COMPLAINTS ? "; no more such lines for this link" : "");
    }
  }

  // names of this side

  @Override
  public boolean tell(Offer next) {
    if (dialled.isPresent() && !shown.equals(shownNow())) {
      // a renewed certificate is shown by a new link, before this one leaves
      return false;
    }
    Set<HostName> now = new LinkedHashSet<>();
    next.items().forEach(item -> now.add(item.name()));
    Set<HostName> before = mine;
    // before it is told, so that nobody asks in vain for what was
    mine = Set.copyOf(now);
    for (HostName gone : before) {
      if (!now.contains(gone)) {
        send(new Message.Remove(++lastSeq, gone, ""));
      }
    }
    for (HostName name : now) {
      if (!before.contains(name)) {
        send(new Message.Add(++lastSeq, name));
      }
    }
    Map<HostName, Message.Ack> refused = new LinkedHashMap<>(refusedThere);
    refused.keySet().retainAll(mine);
    refusedThere = Map.copyOf(refused);
    told = next;
    prove();
    return true;
  }

  @Override
  public Offer told() {
    return told;
  }

  /** Whether this side has told the name, so that the other side may ask for it. Any thread. */
  boolean hasTold(HostName name) {
    return mine.contains(name);
  }

  // names of others, which this side passes on

  @Override
  public void changed(Map<HostName, List<Advertisement<StreamOwner>>> names) {
    OnLoop.run(
        link.loop(),
        () -> {
          passed.changed(names);
          passOn();
        });
  }

  /** As much as the other side reads; {@link #tick} does what is left. */
  private void passOn() {
    if (link.state() == Link.State.UP && link.isWritable() && passed.tell()) {
      OnLoop.run(link.loop(), this::passOn);
    }
  }

  /** Whether this side has told that it leads there, so that the other may ask. Any thread. */
  boolean hasPassed(HostName name, String owner) {
    return passed.hasTold(name, owner);
  }

  private void askForClaims() {
    boolean asks = v2.isTransit() && !isReplica();
    if (asks != asksForClaims) {
      asksForClaims = asks;
      send(new Message.Carry(asks));
    }
  }

  /** Shows the signatures of this side's names to who passes them on. */
  private void prove() {
    lastProof = System.nanoTime();
    Optional<Credentials> own = v2.credentials();
    Set<HostName> names = mine;
    if (!isAskedForClaims || own.isEmpty()) {
      return;
    }
    int weight = v2.self().config().mesh().weight();
    v2.compute(
        () -> {
          List<Claim> signed =
              v2.ownClaims().of(own.get().identity(), weight, names, Instant.now());
          OnLoop.run(link.loop(), () -> prove(signed));
        });
  }

  private void prove(List<Claim> signed) {
    if (link.state() == Link.State.UP) {
      Set<Claim> before = Set.copyOf(proved);
      proved = signed;
      passed.prove(
          signed.stream()
              .filter(claim -> !before.contains(claim) && mine.contains(claim.name()))
              .toList());
    }
  }

  @Override
  public boolean isReplica() {
    return peer.id().value().equals(v2.ownId());
  }

  @Override
  public boolean isTransit() {
    return v2.isTransit();
  }

  @Override
  public boolean isServedHere(HostName name) {
    return v2.self().localRoute(name).isPresent();
  }

  @Override
  public String ownId() {
    return v2.ownId();
  }

  @Override
  public String otherId() {
    return peer.id().value();
  }

  @Override
  public String id() {
    return peer.id().value();
  }

  @Override
  public boolean mayTransit() {
    return peer.admitted().grant().mayTransit();
  }

  @Override
  public long nextSeq() {
    return ++lastSeq;
  }

  @Override
  public List<RefusedName> refusedNames() {
    Map<String, RefusedName> sorted = new TreeMap<>();
    refusedThere.forEach(
        (name, ack) ->
            sorted.put(name.value(), new RefusedName(name.value(), ack.reason(), ack.message())));
    return List.copyOf(sorted.values());
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
      passOn();
      if (now - lastProof >= PROOF_NANOS) {
        routesChanged |= routes.expire(Instant.now());
        prove();
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
            changed = true;
            routes.recheck();
            askForClaims();
            prove();
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
      v2.closed(session, place, this);
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
