package io.opsproxy.dataplane.peer;

import io.opsproxy.dataplane.admin.AdminServer;
import io.opsproxy.dataplane.admin.EnvoyPages;
import io.opsproxy.dataplane.admin.Page;
import io.opsproxy.dataplane.admin.PageSource;
import io.opsproxy.dataplane.admin.StatusPage;
import io.opsproxy.dataplane.cluster.Cluster;
import io.opsproxy.dataplane.cluster.Resolver;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.BindAddress;
import io.opsproxy.dataplane.config.Config;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.dataplane.config.LoadResult;
import io.opsproxy.dataplane.config.Problem;
import io.opsproxy.dataplane.mesh.Mesh;
import io.opsproxy.dataplane.mesh.Owners;
import io.opsproxy.dataplane.mesh.PeerStatus;
import io.opsproxy.dataplane.proxy.Listeners;
import io.opsproxy.dataplane.proxy.ProxyServer;
import io.opsproxy.dataplane.relay.ChannelRelay;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.route.RouteTable;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running peer: builds the parts from a configuration, puts the next one in force, and drains.
 * {@link #reload} and {@link #drain} may be called from any thread but an event loop.
 */
public final class Peer implements AutoCloseable, StatusPage.Source, EnvoyPages.Source {
  private static final Logger log = LoggerFactory.getLogger(Peer.class);

  private final String version;
  private final long started = System.nanoTime();
  private final Relay relay;
  private final Metrics metrics;
  private final ProxyServer proxy;
  private final Listeners listeners;
  private final LocalServices services;
  private final Mesh mesh;
  private final AdminServer admin;
  private final Optional<AdminServer> envoyAdmin;
  private final Config first;
  private volatile StatusPage.ConfigState configState;
  private volatile boolean listening;
  private volatile boolean draining;

  /**
   * Starts it. Clients are served once this returns.
   *
   * @param loaded with a configuration
   * @param identity labels of the metrics
   * @throws IOException when an address cannot be bound
   */
  public Peer(LoadResult loaded, Identity identity) throws IOException {
    first =
        loaded.config().orElseThrow(() -> new IllegalArgumentException("no valid configuration"));
    version = identity.version();
    Logging.apply(first.log());
    int threads =
        first.proxy().threads() > 0
            ? first.proxy().threads()
            : Runtime.getRuntime().availableProcessors();
    relay = new ChannelRelay(threads);
    metrics = new Metrics(identity.namespace(), identity.node(), identity.pod(), version);
    Resolver resolver = new Resolver();
    proxy = new ProxyServer(first, relay, resolver, metrics);
    listeners = new Listeners(relay, proxy);
    services = new LocalServices(relay, resolver, metrics);
    mesh =
        new Mesh(
            first, proxy, relay, resolver, metrics, RandomGenerator.getDefault(), this::advertised);
    proxy.peers(mesh);
    configState = state(loaded);
    try {
      Listeners.Change change = listeners.prepare(first.listeners());
      proxy.apply(first, services.apply(first));
      change.commit();
      listening = true;
      mesh.apply(first);
      admin =
          new AdminServer(
              first.peer().metricsAddress().resolve(),
              pages(),
              "--web.listen-address or peer.listen_address");
      Optional<BindAddress> envoyAddress = first.admin().address();
      envoyAdmin =
          envoyAddress.isPresent()
              ? Optional.of(
                  new AdminServer(
                      envoyAddress.get().resolve(), EnvoyPages.of(this), "admin.address"))
              : Optional.empty();
    } catch (IOException e) {
      relay.close();
      services.close();
      throw e;
    }
    metrics.bindNames(() -> proxy.routes().names().size(), this::connectedNames);
    metrics.bind(
        Metric.CONFIG_LAST_RELOAD_SUCCESSFUL, () -> configState.errors().isEmpty() ? 1 : 0);
    metrics.configInForce(loaded.hash());
    report(loaded.problems());
    log.info(
        "peer {} version {} on {}, status on {}, {} event loops, channel relay on NIO, Java {}, config {}",
        first.peer().name(),
        version,
        listeners.addresses().values().stream()
            .map(BindAddress::text)
            .collect(Collectors.joining(", ")),
        BindAddress.text(admin.address()),
        threads,
        Runtime.version().feature(),
        loaded.hash().substring(0, 12));
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

  private Map<String, PageSource> pages() {
    return Map.of(
        first.peer().telemetryPath(),
        query -> Page.metrics(metrics.scrape()),
        "/healthz",
        query -> Page.text(200, "ok"),
        "/readyz",
        query -> ready(),
        "/status",
        query -> StatusPage.render(this));
  }

  private Page ready() {
    if (draining) {
      return Page.text(503, "draining");
    }
    return listening ? Page.text(200, "ok") : Page.text(503, "not listening yet");
  }

  /** The real address of a listener. */
  public InetSocketAddress address(String listener) {
    return listeners.address(listener);
  }

  /** The real address of the pages in Envoy's shapes, if they are served. */
  public Optional<InetSocketAddress> envoyAdminAddress() {
    return envoyAdmin.map(AdminServer::address);
  }

  /** The real address of the status pages. */
  public InetSocketAddress adminAddress() {
    return admin.address();
  }

  /**
   * Puts a new configuration in force, whole, or leaves the old one in force and says why.
   * Connections under way go on.
   */
  public synchronized void reload(LoadResult loaded) {
    if (draining) {
      return;
    }
    if (loaded.config().isEmpty()) {
      refused(loaded.problems());
      return;
    }
    Config next = loaded.config().get();
    Listeners.Change change;
    try {
      change = listeners.prepare(next.listeners());
    } catch (IOException e) {
      refused(
          List.of(
              new Problem(
                  Problem.Severity.ERROR,
                  loaded.source(),
                  "listeners",
                  0,
                  e.getMessage(),
                  "free the address, or configure another one")));
      return;
    }
    proxy.apply(next, services.apply(next));
    change.commit();
    mesh.apply(next);
    Logging.apply(next.log());
    metrics.reloaded(true);
    metrics.configInForce(loaded.hash());
    configState = state(loaded);
    report(loaded.problems());
    for (String setting : needRestart(next)) {
      log.warn("{} changed in the file; it takes effect after a restart", setting);
    }
    log.info(
        "configuration {} in force, {} local services",
        loaded.hash().substring(0, 12),
        next.services().size());
  }

  private void refused(List<Problem> problems) {
    metrics.reloaded(false);
    List<Problem> errors =
        problems.stream().filter(problem -> problem.severity() == Problem.Severity.ERROR).toList();
    StatusPage.ConfigState old = configState;
    configState =
        new StatusPage.ConfigState(
            old.hash(), old.source(), old.loadedAt(), errors, old.warnings());
    report(problems);
    log.error("the new configuration was refused, the old one stays in force");
  }

  private List<String> needRestart(Config next) {
    List<String> changed = new ArrayList<>();
    if (!next.peer().metricsAddress().equals(first.peer().metricsAddress())) {
      changed.add("peer.listen_address");
    }
    if (!next.peer().telemetryPath().equals(first.peer().telemetryPath())) {
      changed.add("peer.telemetry_path");
    }
    if (!next.admin().equals(first.admin())) {
      changed.add("admin.address");
    }
    if (next.proxy().threads() != first.proxy().threads()) {
      changed.add("proxy.threads");
    }
    return changed;
  }

  private static StatusPage.ConfigState state(LoadResult loaded) {
    return new StatusPage.ConfigState(
        loaded.hash(), loaded.source(), Instant.now(), List.of(), loaded.problems());
  }

  private static void report(List<Problem> problems) {
    for (Problem problem : problems) {
      if (problem.severity() == Problem.Severity.ERROR) {
        log.error("{}", problem);
      } else {
        log.warn("{}", problem);
      }
    }
  }

  /**
   * Stops in good order: not ready at once, names taken back from the other peers, after {@code
   * peer.drain_delay} no new connection, then up to {@code peer.drain_timeout} for those that are
   * open. Blocks until done.
   */
  public void drain() {
    synchronized (this) {
      if (draining) {
        return;
      }
      draining = true;
    }
    var settings = proxy.config().peer();
    log.info("draining: not ready, names taken back from the other peers");
    mesh.withdraw();
    Waiting.until(settings.drainDelay(), () -> false);
    // a forward that waits for its DATA connection needs the listener to get it
    Waiting.until(settings.connectionTimeout(), () -> mesh.pendingForwards() == 0);
    listening = false;
    listeners.close();
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
    listening = false;
    listeners.close();
    mesh.close();
    proxy.stopSessions();
    relay.close();
    proxy.closeAccessLogs();
    // after the loops that report failed connects to it
    services.close();
    admin.close();
    envoyAdmin.ifPresent(AdminServer::close);
  }

  // what the pages show

  @Override
  public Config configuration() {
    return proxy.config();
  }

  @Override
  public List<Cluster> clusters() {
    return services.clusters(proxy.config());
  }

  @Override
  public Map<String, InetSocketAddress> listeners() {
    return listeners.addresses();
  }

  @Override
  public int sessions() {
    return proxy.sessions();
  }

  @Override
  public String metrics() {
    return metrics.scrape();
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public double uptimeSeconds() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started) / 1000.0;
  }

  @Override
  public boolean draining() {
    return draining;
  }

  @Override
  public StatusPage.ConfigState config() {
    return configState;
  }

  @Override
  public RouteTable<Upstream> routes() {
    return proxy.routes();
  }

  @Override
  public List<PeerStatus> peers() {
    return mesh.status();
  }
}
