package io.opsproxy.dataplane.peer;

import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.load.LoadResult;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.problem.Problem;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.mesh.Mesh;
import io.opsproxy.dataplane.mesh.Owners;
import io.opsproxy.dataplane.proxy.Listeners;
import io.opsproxy.dataplane.proxy.ProxyServer;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Relays;
import io.opsproxy.dataplane.route.RouteTable;
import io.opsproxy.dataplane.telemetry.Metrics;
import io.opsproxy.dataplane.trust.Credentials;
import io.opsproxy.dataplane.trust.CredentialsReader;
import io.opsproxy.dataplane.why.Probes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running peer: builds the parts from a configuration, puts the next one in force, and drains.
 * {@link #reload} and {@link #drain} may be called from any thread but an event loop.
 */
public final class Peer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Peer.class);

  private final Relay relay;
  private final Metrics metrics;
  private final ProxyServer proxy;
  private final Listeners listeners;
  private final LocalServices services;
  private final Mesh mesh;
  private final PeerPages pages;
  private final ConfigInForce inForce;
  private final MeshTrust trust;
  private volatile Phase phase = Phase.STARTING;

  /**
   * Starts it. Clients are served once this returns.
   *
   * @param loaded with a configuration
   * @param identity labels of the metrics
   * @throws IOException when an address cannot be bound
   */
  public Peer(LoadResult loaded, Identity identity) throws IOException {
    Config first =
        loaded.config().orElseThrow(() -> new IllegalArgumentException("no valid configuration"));
    String version = identity.version();
    Logging.apply(first.log());
    int threads =
        first.proxy().threads() > 0
            ? first.proxy().threads()
            : Runtime.getRuntime().availableProcessors();
    Relays relays = Relays.choose(first.proxy().relay());
    relay = relays.open(threads, "relay");
    metrics = new Metrics(identity.namespace(), identity.node(), identity.pod(), version);
    LoopPulses pulses = new LoopPulses(metrics);
    pulses.watch("relay", relay.loops());
    Resolver resolver = new Resolver();
    proxy = new ProxyServer(first, relay, resolver, metrics);
    listeners = new Listeners(relay, proxy, metrics);
    services = new LocalServices(relays, relay, resolver, metrics, pulses);
    mesh =
        new Mesh(
            first,
            CredentialsReader.of(loaded),
            proxy,
            relay,
            resolver,
            metrics,
            RandomGenerator.getDefault(),
            this::advertised);
    proxy.peers(mesh);
    inForce = new ConfigInForce(loaded, first, metrics);
    trust = new MeshTrust(metrics);
    try {
      Optional<String> tooLarge = ConfigSize.check(first, heap());
      if (tooLarge.isPresent()) {
        throw new IOException(tooLarge.get() + "; " + ConfigSize.REMEDY);
      }
      listen(first);
      putInForce(first, CredentialsReader.of(loaded), services.prepare(first));
      phase = Phase.SERVING;
      pages =
          new PeerPages(
              first,
              new PeerPages.Parts(
                  version,
                  () -> phase,
                  inForce,
                  proxy,
                  listeners,
                  services,
                  mesh,
                  resolver,
                  pulses,
                  new Probes(relay.loops().get(0)),
                  metrics));
    } catch (IOException e) {
      listeners.close();
      relay.close();
      services.close();
      throw e;
    }
    metrics.bindNames(() -> proxy.routes().names().size(), this::connectedNames);
    inForce.started(loaded);
    log.info(
        "peer {} version {} on {}, status on {}, {} event loops, {}, Java {}, config {}",
        first.peer().name(),
        version,
        listeners.addresses().values().stream()
            .map(BindAddress::text)
            .collect(Collectors.joining(", ")),
        pages.statusAddress().map(BindAddress::text).orElse("nothing"),
        threads,
        relays.description(),
        Runtime.version().feature(),
        ConfigInForce.shown(loaded));
  }

  private int connectedNames() {
    RouteTable<Upstream> routes = proxy.routes();
    return (int)
        routes.names().stream()
            .filter(name -> routes.get(name).map(Owners::isConnected).orElse(false))
            .count();
  }

  private HostPort advertised(Config config) {
    HostPort address = config.peer().advertisedAddress();
    InetSocketAddress bound = listeners.addresses().get(Config.PEER_LISTENER);
    return address.port() > 0 || bound == null
        ? address
        : new HostPort(address.host(), bound.getPort());
  }

  /** The real address of a listener. */
  public InetSocketAddress address(String listener) {
    return listeners.address(listener);
  }

  /** The real address of the pages in Envoy's shapes, if they are served. */
  public Optional<InetSocketAddress> envoyAdminAddress() {
    return pages.envoyAddress();
  }

  /** The real address of the status pages. */
  public InetSocketAddress adminAddress() {
    return pages.statusAddress().orElseThrow(() -> new IllegalStateException("no status pages"));
  }

  /**
   * Puts a new configuration in force, whole, or leaves the old one in force and says why.
   * Connections under way go on.
   */
  public synchronized void reload(LoadResult loaded) {
    if (phase == Phase.DRAINING) {
      return;
    }
    if (loaded.config().isEmpty()) {
      inForce.refused(loaded.problems());
      return;
    }
    Config next = loaded.config().get();
    Config old = proxy.config();
    Optional<Credentials> oldCredentials = trust.credentials();
    try {
      Optional<String> tooLarge = ConfigSize.check(old, next, heap());
      if (tooLarge.isPresent()) {
        inForce.refused(problem(loaded, "", tooLarge.get(), ConfigSize.REMEDY));
        return;
      }
      putInForce(next, CredentialsReader.of(loaded), services.prepare(next));
    } catch (Throwable e) {
      goBack(loaded, old, oldCredentials, e);
      return;
    }
    Logging.apply(next.log());
    inForce.replaced(loaded, next);
  }

  private void putInForce(
      Config next, Optional<Credentials> credentials, LocalServices.Change change) {
    // before the mesh, which links by them
    trust.apply(credentials);
    proxy.apply(next, change.routes());
    change.commit();
    listeners.apply(next.listeners());
    mesh.apply(next, credentials);
  }

  /** A peer that nobody can reach does not start. */
  private void listen(Config first) throws IOException {
    listeners.apply(first.listeners());
    List<Listeners.Down> down = listeners.down();
    for (Listeners.Down one : down) {
      if (one.listener().equals(Config.PEER_LISTENER) || listeners.addresses().isEmpty()) {
        throw new IOException(one.problem().toString());
      }
    }
  }

  /** Something that nobody thought of went wrong on the way to a new configuration. */
  private void goBack(
      LoadResult loaded, Config old, Optional<Credentials> oldCredentials, Throwable cause) {
    Fatal.endWhenOutOfMemory(cause);
    log.error("the new configuration could not be put in force", cause);
    try {
      putInForce(old, oldCredentials, services.prepare(old));
    } catch (RuntimeException e) {
      log.error("the old configuration could not be put back whole; restart this peer", e);
    }
    inForce.refused(
        problem(
            loaded,
            "",
            "could not be put in force: " + cause,
            "the log has more; this is a mistake of this program, please report it"));
  }

  private static List<Problem> problem(
      LoadResult loaded, String path, String message, String remedy) {
    return List.of(new Problem(Problem.Severity.ERROR, loaded.source(), path, 0, message, remedy));
  }

  private static long heap() {
    return Runtime.getRuntime().maxMemory();
  }

  /**
   * Stops in good order: not ready at once, names taken back from the other peers, after {@code
   * peer.drain_delay} no new connection, then up to {@code peer.drain_timeout} for those that are
   * open. Blocks until done.
   */
  public void drain() {
    synchronized (this) {
      if (phase == Phase.DRAINING) {
        return;
      }
      phase = Phase.DRAINING;
    }
    var settings = proxy.config().peer();
    log.info("draining: not ready, names taken back from the other peers");
    mesh.withdraw();
    Waiting.until(settings.drainDelay(), () -> false);
    // a forward that waits for its DATA connection needs the listener to get it
    Waiting.until(settings.connectionTimeout(), () -> mesh.pendingForwards() == 0);
    listeners.close();
    proxy.stopSilentSessions();
    boolean done =
        Waiting.until(
            settings.drainTimeout(), () -> proxy.sessions() == 0 && mesh.activeForwards() == 0);
    log.info(
        done ? "drained" : "drain time is over: {} client connections and {} forwards are closed",
        proxy.sessions(),
        mesh.activeForwards());
    close();
  }

  /** The access log files may have been renamed: they are opened again. */
  public void reopenAccessLogs() {
    proxy.reopenAccessLogs();
  }

  /** Stops at once. */
  @Override
  public void close() {
    listeners.close();
    mesh.close();
    proxy.stopSessions();
    relay.close();
    proxy.closeAccessLogs();
    // after the loops that report failed connects to it
    services.close();
    pages.close();
  }
}
