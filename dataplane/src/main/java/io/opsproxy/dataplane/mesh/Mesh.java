package io.opsproxy.dataplane.mesh;

import io.netty.buffer.Unpooled;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.value.Cidr;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.mesh.link.Direction;
import io.opsproxy.dataplane.mesh.link.Link;
import io.opsproxy.dataplane.mesh.link.LinkEnd;
import io.opsproxy.dataplane.mesh.link.LinkObserver;
import io.opsproxy.dataplane.mesh.link.LinkProtocol;
import io.opsproxy.dataplane.mesh.link.Links;
import io.opsproxy.dataplane.mesh.link.RemotePeer;
import io.opsproxy.dataplane.mesh.names.Advertisement;
import io.opsproxy.dataplane.mesh.names.Introduction;
import io.opsproxy.dataplane.mesh.names.NameBudget;
import io.opsproxy.dataplane.mesh.names.NameRegistry;
import io.opsproxy.dataplane.mesh.names.Offer;
import io.opsproxy.dataplane.mesh.names.Origin;
import io.opsproxy.dataplane.mesh.names.OwnedName;
import io.opsproxy.dataplane.mesh.names.Peers;
import io.opsproxy.dataplane.mesh.stream.ForwardServer;
import io.opsproxy.dataplane.mesh.stream.Pending;
import io.opsproxy.dataplane.mesh.stream.RemoteName;
import io.opsproxy.dataplane.mesh.stream.StreamOwner;
import io.opsproxy.dataplane.mesh.stream.ThisPeer;
import io.opsproxy.dataplane.mesh.v1.V1;
import io.opsproxy.dataplane.mesh.v2.V2;
import io.opsproxy.dataplane.proxy.PeerAcceptor;
import io.opsproxy.dataplane.proxy.ProxyServer;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.sniff.Sniff;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.Metrics;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import io.opsproxy.dataplane.trust.Credentials;
import io.opsproxy.dataplane.trust.CredentialsFiles;
import io.opsproxy.dataplane.trust.Refusal;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links to other peers, and what is known through them: puts the rooms of this package
 * together. Configuration comes in by {@link #apply}, from any thread; names go out to the {@link
 * ProxyServer} as whole tables.
 */
public final class Mesh implements PeerAcceptor {
  private static final Logger log = LoggerFactory.getLogger(Mesh.class);

  /** Names that all peers that dialled this one may register together; holds at a small heap. */
  private static final int MAX_NAMES_OF_STRANGERS = 4_000;

  /** Of a peer that the configuration names; what others register does not use it up. */
  private static final int MAX_NAMES_OF_REMOTE = 20_000;

  private final ThisPeer self;
  private final Metrics metrics;
  private final RandomGenerator random;
  private final HostPortSource advertised;
  private final NamesThread namesThread = new NamesThread();
  private final NameRegistry<StreamOwner, Upstream> registry;
  private final Pending pending;
  private final ForwardServer forwards;
  private final V1 v1;
  private final Links links = new Links();
  private final OnceAMinute refusals = new OnceAMinute(System::nanoTime);
  private final Peers peers = new Peers();
  private final Link.Shared shared;
  private final Map<HostPort, RemotePeer> remotes = new LinkedHashMap<>();
  private final NameBudget namesOfStrangers = new NameBudget(MAX_NAMES_OF_STRANGERS);
  private final V2 v2;
  private final Spoken spoken = new Spoken();
  private volatile Optional<Credentials> credentials;
  private volatile Config config;
  private volatile Offer offer;
  private boolean withdrawn;

  /** The address that others dial for this peer; it may depend on the port that was bound. */
  @FunctionalInterface
  public interface HostPortSource {
    /** The address under this configuration. */
    HostPort of(Config config);
  }

  /**
   * @param credentials what this peer shows and whom it believes; empty without an identity
   */
  public Mesh(
      Config config,
      Optional<Credentials> credentials,
      ProxyServer proxy,
      Relay relay,
      Resolver resolver,
      Metrics metrics,
      RandomGenerator random,
      HostPortSource advertised) {
    this.config = config;
    this.credentials = credentials;
    this.metrics = metrics;
    this.random = random;
    this.advertised = advertised;
    self = new ThisPeer(() -> this.config, proxy, relay, resolver, metrics);
    registry = new NameRegistry<>(new Names(), proxy::remoteRoutes, namesThread, System::nanoTime);
    shared = new Link.Shared(links, peers, registry, metrics, System::nanoTime);
    pending = new Pending(metrics);
    forwards = new ForwardServer(self);
    v1 = new V1(self, () -> offer, pending, forwards);
    v2 = new V2(self, () -> offer, () -> this.credentials, this::accepted);
    offer =
        new Offer(
            new Introduction(config.peer().name(), config.peer().advertisedAddress()), List.of());
    for (Direction direction : Direction.values()) {
      metrics.bind(Metric.PEER_LINKS, () -> links.up(direction), direction.label());
    }
  }

  /** What the registry does about a name. */
  private final class Names implements NameRegistry.Surroundings<StreamOwner, Upstream> {
    @Override
    public NameMetrics metrics(HostName name) {
      return metrics.name(name.value());
    }

    @Override
    public Upstream target(OwnedName<StreamOwner> name) {
      return new RemoteName(name, peers);
    }

    @Override
    public void gone(HostName name) {
      if (self.localRoute(name).isEmpty()) {
        metrics.retire(name.value());
      }
    }

    @Override
    public void changed(Map<HostName, List<Advertisement<StreamOwner>>> now) {
      v2.learned(now);
    }
  }

  /**
   * The next configuration: remotes that came are dialled, those that went are left, and all are
   * told of the names that changed. The proxy must have its routes already.
   */
  public synchronized void apply(Config next, Optional<Credentials> identity) {
    boolean trustsOthers = !identity.equals(credentials);
    boolean servesOthers = !next.services().equals(config.services());
    boolean passesOthers = next.mesh().transit() != config.mesh().transit();
    boolean linksAnew = identity.isPresent() != credentials.isPresent();
    config = next;
    credentials = identity;
    if (linksAnew) {
      // what is spoken with a remote has changed
      remotes.values().forEach(RemotePeer::stop);
      remotes.clear();
    }
    if (trustsOthers || servesOthers || passesOthers) {
      v2.recheck();
    }
    Offer before = offer;
    if (!withdrawn) {
      offer = Offer.of(next, advertised.of(next));
    }
    Set<HostPort> wanted = Set.copyOf(next.peer().remotePeers());
    remotes
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !wanted.contains(entry.getKey());
              if (gone) {
                entry.getValue().stop();
              }
              return gone;
            });
    if (trustsOthers) {
      // a certificate may be another one
      remotes.values().forEach(remote -> remote.offer(offer));
    }
    if (!offer.equals(before)) {
      tell(offer);
    }
    for (HostPort remote : next.peer().remotePeers()) {
      if (!remotes.containsKey(remote)) {
        RemotePeer peer = new RemotePeer(self, this::dialled, random, remote, offer);
        remotes.put(remote, peer);
        peer.start();
      }
    }
  }

  private void tell(Offer next) {
    remotes.values().forEach(remote -> remote.offer(next));
    links.of(Direction.IN).forEach(link -> link.loop().execute(() -> tell(link, next)));
  }

  private static void tell(Link link, Offer next) {
    if (link.state() == Link.State.UP && !link.offered().equals(next)) {
      link.tell(next);
    }
  }

  /**
   * Takes all names of this peer back from the others; links stay for what other peers serve. Part
   * of the drain.
   */
  public synchronized void withdraw() {
    withdrawn = true;
    offer = offer.withdrawn();
    tell(offer);
    v2.withdraw();
  }

  /**
   * Forwards in either direction that are under way: asked for and not connected yet, or being
   * served.
   */
  public int activeForwards() {
    return forwards.active() + v2.active();
  }

  /** Forwards that wait for their DATA connection, which comes through a listener. */
  public int pendingForwards() {
    return pending.size();
  }

  /** Ends all links and forwards. */
  public synchronized void close() {
    remotes.values().forEach(RemotePeer::stop);
    remotes.clear();
    links
        .of(Direction.IN)
        .forEach(
            link ->
                link.loop().execute(() -> link.close(LinkEnd.UNWANTED, "this peer is stopping")));
    forwards.stopAll();
    v2.close();
    namesThread.close();
  }

  private Link dialled(Stream stream, Origin origin, Offer first, LinkObserver observer) {
    boolean mayBeV1 =
        config
            .mesh()
            .legacyPeers()
            .map(ranges -> Cidr.anyContains(ranges, origin.remote().getAddress()))
            .orElse(true);
    if (credentials.isPresent() && !spoken.isV1Due(origin.remote(), mayBeV1)) {
      V2.Dialling dialling = new V2.Dialling();
      return new Link(
          shared,
          v2.secure(stream, origin.remote(), dialling),
          origin,
          link -> dialling.protocol(v2, link, first, origin.remote()),
          new NameBudget(MAX_NAMES_OF_REMOTE),
          spoken.watching(origin.remote(), observer));
    }
    return new Link(
        shared,
        stream,
        origin,
        link -> v1.dialler(link, first),
        new NameBudget(MAX_NAMES_OF_REMOTE),
        observer);
  }

  private Optional<Link> accepted(Stream stream, LinkProtocol.Factory protocol) {
    String full = links.admit(stream.remoteAddress().getAddress(), config.limits());
    if (full != null) {
      metrics.unknown().error(ErrorReason.LIMIT);
      if (refusals.isDue()) {
        log.warn("a peer link from {} refused: {}", stream.remoteAddress(), full);
      }
      stream.closeNow();
      return Optional.empty();
    }
    return Optional.of(
        new Link(
            shared,
            stream,
            Origin.accepted(stream.remoteAddress()),
            protocol,
            new NameBudget(MAX_NAMES_OF_REMOTE),
            LinkObserver.NONE));
  }

  @Override
  public boolean isPeer(List<String> alpn) {
    return alpn.contains(Credentials.ALPN);
  }

  @Override
  public void secured(Stream stream, byte[] first) {
    v2.accept(stream, first);
  }

  @Override
  public void accept(Stream stream, Sniff.Verb verb, byte[] first) {
    if (verb == Sniff.Verb.JOIN) {
      v2.join(stream, first);
      return;
    }
    InetAddress source = stream.remoteAddress().getAddress();
    Optional<List<Cidr>> allowed = config.mesh().legacyPeers();
    if (allowed.isPresent() && !Cidr.anyContains(allowed.get(), source)) {
      metrics.unknown().error(ErrorReason.PEER_DENIED);
      metrics.count(Metric.MESH_REFUSALS, Refusal.LEGACY_NOT_ALLOWED.word());
      log.warn(
          "peer connection from {} refused: it is not in mesh.legacy_peers",
          source.getHostAddress());
      stream.close();
    } else if (verb == Sniff.Verb.DATA) {
      v1.data(stream, first);
    } else {
      String full = links.admit(source, config.limits());
      if (full != null) {
        refuse(stream, full);
        return;
      }
      Link link =
          new Link(
              shared,
              stream,
              Origin.accepted(stream.remoteAddress()),
              v1::acceptor,
              namesOfStrangers,
              LinkObserver.NONE);
      link.open();
      link.received(Unpooled.wrappedBuffer(first));
    }
  }

  private void refuse(Stream stream, String why) {
    metrics.unknown().error(ErrorReason.LIMIT);
    if (refusals.isDue()) {
      log.warn("a peer link from {} refused: {}", stream.remoteAddress(), why);
    }
    V1.refuse(stream, why);
  }

  /** What a person should look at. Any thread. */
  public List<MeshProblem> problems() {
    List<MeshProblem> all =
        new ArrayList<>(peers.sharedNames().stream().map(MeshProblem::of).toList());
    Instant soon = Instant.now().plus(CredentialsFiles.NEAR_END);
    credentials
        .map(own -> own.identity().expires())
        .filter(end -> end.isBefore(soon))
        .ifPresent(end -> all.add(MeshProblem.ownCertificateEnds(end)));
    credentials
        .flatMap(own -> own.trust().expires())
        .filter(end -> end.isBefore(soon))
        .ifPresent(end -> all.add(MeshProblem.authorityEnds(end)));
    for (Direction direction : Direction.values()) {
      for (Link link : links.of(direction)) {
        link.protocol()
            .refusedNames()
            .forEach(name -> all.add(MeshProblem.refused(link.describe(), name)));
      }
    }
    return all;
  }

  /** What this peer shows and whom it believes now; empty without an identity. Any thread. */
  public Optional<Credentials> credentials() {
    return credentials;
  }

  /** Every peer that is linked, and every configured one that is not. Any thread. */
  public List<PeerStatus> status() {
    List<PeerStatus> all = new ArrayList<>();
    List<RemotePeer> configured;
    synchronized (this) {
      configured = List.copyOf(remotes.values());
    }
    configured.forEach(remote -> all.addAll(PeerStatus.of(remote)));
    for (Link link : links.of(Direction.IN)) {
      if (link.state() == Link.State.UP) {
        all.add(PeerStatus.of(link));
      }
    }
    return all;
  }
}
