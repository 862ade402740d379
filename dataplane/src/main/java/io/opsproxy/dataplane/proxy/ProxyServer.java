package io.opsproxy.dataplane.proxy;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.cluster.DirectTarget;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.model.SniRoute;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.route.NameTable;
import io.opsproxy.dataplane.route.RouteTable;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.Metrics;
import io.opsproxy.dataplane.telemetry.Tail;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Accepts clients and serves them from the configuration and the route table in force. Both are
 * immutable snapshots behind one reference each: a session takes what is in force when it needs it,
 * and sessions under way are not touched by a change. {@link #apply} and {@link #remoteRoutes} may
 * be called from any thread; sessions run on their loops.
 */
public final class ProxyServer {
  private final Relay relay;
  private final Resolver resolver;
  private final Metrics metrics;
  private final ConnectionLimits limits;
  private final AccessLogs accessLogs;
  private final Tail tail = new Tail(System::nanoTime);
  private final AtomicInteger sessions = new AtomicInteger();
  private final Map<EventExecutor, LoopSessions> loops = new ConcurrentHashMap<>();
  private final Map<String, ListenerCounts> counts = new ConcurrentHashMap<>();
  private volatile Config config;
  private volatile ConnectAccess connectAccess;
  private volatile RouteTable<Upstream> routes = RouteTable.empty();

  /** By listener, for those that route by server name alone. */
  private volatile Map<String, NameTable<HostName>> sniRoutes = Map.of();

  private volatile PeerAcceptor peers = (stream, verb, first) -> stream.close();

  public ProxyServer(Config config, Relay relay, Resolver resolver, Metrics metrics) {
    this.config = config;
    this.relay = relay;
    this.resolver = resolver;
    this.metrics = metrics;
    accessLogs = new AccessLogs(metrics);
    connectAccess = new ConnectAccess(config.access().connect());
    limits = new ConnectionLimits(config.limits(), relay.bounds().descriptors());
    AtomicInteger sniffing = new AtomicInteger();
    for (EventExecutor loop : relay.loops()) {
      loops.put(loop, new LoopSessions(loop, sessions, sniffing, relay.loops().size()));
    }
    metrics.bind(Metric.SNIFFING, sniffing::get);
    metrics.bind(Metric.OPEN_STREAMS, relay::openStreams);
    metrics.bind(Metric.MAX_STREAMS, relay.bounds().descriptors()::mostStreams);
    metrics.bind(Metric.HELD_BYTES, relay.bounds().bytes()::used);
    metrics.bind(Metric.MAX_HELD_BYTES, relay.bounds().bytes()::limit);
  }

  /** Who takes the connections of other peers; before the first call they are closed. */
  public void peers(PeerAcceptor acceptor) {
    peers = acceptor;
  }

  /** The next configuration and its local routes, as one step. */
  public synchronized void apply(Config next, Map<HostName, Upstream> localRoutes) {
    limits.apply(next.limits());
    accessLogs.apply(next.accessLogs());
    connectAccess = new ConnectAccess(next.access().connect());
    routes = new RouteTable<>(new NameTable<>(localRoutes), routes.remote());
    sniRoutes = sniRoutes(next);
    config = next;
    counts.keySet().retainAll(next.listeners().stream().map(ListenerConfig::name).toList());
  }

  private static Map<String, NameTable<HostName>> sniRoutes(Config config) {
    Map<String, NameTable<HostName>> tables = new HashMap<>();
    for (ListenerConfig listener : config.listeners()) {
      Map<HostName, HostName> services = new HashMap<>();
      for (SniRoute route : listener.sniRoutes()) {
        route.serverNames().forEach(name -> services.put(name, route.service()));
      }
      if (!services.isEmpty()) {
        tables.put(listener.name(), new NameTable<>(services));
      }
    }
    return Map.copyOf(tables);
  }

  /** The names that peers serve, whole. */
  public synchronized void remoteRoutes(NameTable<Upstream> remote) {
    routes = new RouteTable<>(routes.local(), remote);
  }

  /** Counts a connection that was reset because no descriptor is left for it. Any thread. */
  public void refused() {
    metrics.unknown().error(ErrorReason.LIMIT);
  }

  /** Begins to serve a connection that a listener accepted. On the stream's loop. */
  public void accepted(ListenerConfig listener, Stream stream) {
    new Session(this, loops.get(stream.loop()), listener, stream).start();
  }

  /** What the connections of the listener of this name are counted by. */
  public ListenerCounts counts(String listener) {
    // a look at first, because computing locks
    ListenerCounts known = counts.get(listener);
    return known != null ? known : counts.computeIfAbsent(listener, none -> new ListenerCounts());
  }

  /** Event loops. */
  public int loops() {
    return loops.size();
  }

  /** Whether more sockets may be opened. */
  public boolean hasRoom() {
    return relay.bounds().descriptors().hasRoom();
  }

  /** The access log files may have been renamed: they are opened again. */
  public void reopenAccessLogs() {
    accessLogs.reopen();
  }

  /** Writes out what the access logs still hold. To be called last; not on an event loop. */
  public void closeAccessLogs() {
    accessLogs.close();
  }

  /** Client connections in whatever state. */
  public int sessions() {
    return sessions.get();
  }

  /** Ends the sessions of clients that have not said a word, soon. */
  public void stopSilentSessions() {
    loops.forEach((loop, ofLoop) -> loop.execute(ofLoop::stopSilent));
  }

  /** Ends all sessions, soon. */
  public void stopSessions() {
    loops.forEach((loop, ofLoop) -> loop.execute(ofLoop::stopAll));
  }

  /** The routes in force. */
  public RouteTable<Upstream> routes() {
    return routes;
  }

  /** The configuration in force. */
  public Config config() {
    return config;
  }

  Relay relay() {
    return relay;
  }

  Metrics metrics() {
    return metrics;
  }

  /**
   * What hears of one connection.
   *
   * @param id what another peer calls it; null where it begins here
   */
  public ConnectionLog connectionLog(String listener, String id) {
    return new ConnectionLog(accessLogs, tail, listener, id);
  }

  /** Connections as they open and close, for whoever looks on. */
  public Tail tail() {
    return tail;
  }

  ConnectionLimits limits() {
    return limits;
  }

  ConnectAccess connectAccess() {
    return connectAccess;
  }

  /** The routes of a listener that looks at server names only; empty for any other. */
  Optional<NameTable<HostName>> sniRoutes(ListenerConfig listener) {
    return Optional.ofNullable(sniRoutes.get(listener.name()));
  }

  PeerAcceptor peers() {
    return peers;
  }

  /** Where a CONNECT that the access list allows goes. */
  Upstream direct(HostPort target, Predicate<InetAddress> allowed) {
    return new DirectTarget(
        target, allowed, config.proxy().dialTimeout(), relay, resolver, metrics.unknown());
  }
}
