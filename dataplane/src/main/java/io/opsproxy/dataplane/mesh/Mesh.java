package io.opsproxy.dataplane.mesh;

import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.Cidr;
import io.opsproxy.dataplane.config.Config;
import io.opsproxy.dataplane.config.HostName;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.proxy.PeerAcceptor;
import io.opsproxy.dataplane.proxy.ProxyServer;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.sniff.Sniff;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.Metrics;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links to other peers, and what is known through them. Configuration comes in by {@link
 * #apply}, from any thread; names go out to the {@link ProxyServer} as whole tables.
 */
public final class Mesh implements PeerAcceptor {
  private static final Logger log = LoggerFactory.getLogger(Mesh.class);

  /** Names that all peers that dialled this one may register together; holds at a small heap. */
  private static final int MAX_NAMES_OF_STRANGERS = 4_000;

  private final ProxyServer proxy;
  private final Relay relay;
  private final Resolver resolver;
  private final Metrics metrics;
  private final RandomGenerator random;
  private final HostPortSource advertised;
  private final NameRegistry registry;
  private final Pending pending;
  private final ForwardServer forwards;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final Map<HostPort, RemotePeer> remotes = new LinkedHashMap<>();
  private final NameBudget namesOfStrangers = new NameBudget(MAX_NAMES_OF_STRANGERS);
  private final AtomicInteger turn = new AtomicInteger();
  private volatile Config config;
  private volatile Offer offer;
  private boolean withdrawn;

  /** The address that others dial for this peer; it may depend on the port that was bound. */
  @FunctionalInterface
  public interface HostPortSource {
    /** The address under this configuration. */
    HostPort of(Config config);
  }

  public Mesh(
      Config config,
      ProxyServer proxy,
      Relay relay,
      Resolver resolver,
      Metrics metrics,
      RandomGenerator random,
      HostPortSource advertised) {
    this.config = config;
    this.proxy = proxy;
    this.relay = relay;
    this.resolver = resolver;
    this.metrics = metrics;
    this.random = random;
    this.advertised = advertised;
    registry = new NameRegistry(this, proxy::remoteRoutes);
    pending = new Pending(metrics);
    forwards = new ForwardServer(this);
    offer =
        new Offer(
            new PeerLine.Sender(config.peer().name(), config.peer().advertisedAddress()),
            List.of());
    metrics.bind(Metric.PEER_LINKS, () -> count("in"), "in");
    metrics.bind(Metric.PEER_LINKS, () -> count("out"), "out");
  }

  private int count(String direction) {
    return (int)
        links.stream()
            .filter(l -> l.direction().equals(direction) && l.state() == Link.State.UP)
            .count();
  }

  /**
   * The next configuration: remotes that came are dialled, those that went are left, and all are
   * told of the names that changed. The proxy must have its routes already.
   */
  public synchronized void apply(Config next) {
    config = next;
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
    if (!offer.equals(before)) {
      tell(offer);
    }
    for (HostPort remote : next.peer().remotePeers()) {
      if (!remotes.containsKey(remote)) {
        RemotePeer peer = new RemotePeer(this, remote, nextLoop(), offer);
        remotes.put(remote, peer);
        peer.start();
      }
    }
  }

  private void tell(Offer next) {
    remotes.values().forEach(remote -> remote.offer(next));
    for (Link link : links) {
      if (link instanceof AcceptedLink accepted) {
        accepted.loop().execute(() -> resync(accepted, next));
      }
    }
  }

  private static void resync(AcceptedLink link, Offer next) {
    if (link.state() == Link.State.UP && !link.told().equals(next)) {
      link.sync(next);
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
  }

  /**
   * Forwards in either direction that are under way: asked for and not connected yet, or being
   * served.
   */
  public int activeForwards() {
    return forwards.active();
  }

  /** Forwards that wait for their DATA connection, which comes through a listener. */
  public int pendingForwards() {
    return pending.size();
  }

  /** Ends all links and forwards. */
  public synchronized void close() {
    remotes.values().forEach(RemotePeer::stop);
    remotes.clear();
    for (Link link : links) {
      if (link instanceof AcceptedLink) {
        link.loop().execute(() -> link.close("this peer is stopping"));
      }
    }
    forwards.stopAll();
  }

  @Override
  public void accept(Stream stream, Sniff.Verb verb, byte[] first) {
    InetAddress source = stream.remoteAddress().getAddress();
    Optional<List<Cidr>> allowed = config.mesh().legacyPeers();
    if (allowed.isPresent() && !Cidr.anyContains(allowed.get(), source)) {
      metrics.unknown().error(ErrorReason.PEER_DENIED);
      log.warn(
          "peer connection from {} refused: it is not in mesh.legacy_peers",
          source.getHostAddress());
      stream.close();
    } else if (verb == Sniff.Verb.DATA) {
      new DataArrival(this, stream).start(first);
    } else {
      AcceptedLink link = new AcceptedLink(this, stream);
      links.add(link);
      link.open();
      link.received(Unpooled.wrappedBuffer(first));
    }
  }

  /** Every peer that is linked, and every configured one that is not. Any thread. */
  public List<PeerStatus> status() {
    List<PeerStatus> all = new ArrayList<>();
    List<RemotePeer> configured;
    synchronized (this) {
      configured = List.copyOf(remotes.values());
    }
    configured.forEach(remote -> all.addAll(PeerStatus.of(remote)));
    for (Link link : links) {
      if (link instanceof AcceptedLink accepted && link.state() == Link.State.UP) {
        all.add(PeerStatus.of(accepted));
      }
    }
    return all;
  }

  // what links and forwards use

  void linkUp(Link link) {
    links.add(link);
  }

  void linkDown(Link link) {
    links.remove(link);
    pending.linkLost(link);
  }

  void namesChanged(Link link) {
    registry.update(link);
  }

  void countRegistrations(List<PeerLine.Item> items) {
    for (PeerLine.Item item : items) {
      metrics.name(item.name().value()).count(Metric.CLIENT_REGISTRATIONS);
    }
  }

  /** The name has no remote owner any more. */
  void retire(HostName name) {
    if (proxy.routes().local().get(name).isEmpty()) {
      metrics.retire(name.value());
    }
  }

  Optional<Upstream> localRoute(HostName name) {
    return proxy.routes().local().get(name);
  }

  boolean hasRoom() {
    return proxy.hasRoom();
  }

  EventExecutor nextLoop() {
    List<EventExecutor> loops = relay.loops();
    return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
  }

  Config config() {
    return config;
  }

  Offer offer() {
    return offer;
  }

  Relay relay() {
    return relay;
  }

  Resolver resolver() {
    return resolver;
  }

  Metrics metrics() {
    return metrics;
  }

  RandomGenerator random() {
    return random;
  }

  NameBudget namesOfStrangers() {
    return namesOfStrangers;
  }

  Pending pending() {
    return pending;
  }

  ForwardServer forwards() {
    return forwards;
  }
}
