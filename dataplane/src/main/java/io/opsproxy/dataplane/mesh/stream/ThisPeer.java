package io.opsproxy.dataplane.mesh.stream;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.proxy.ConnectionLog;
import io.opsproxy.dataplane.proxy.ProxyServer;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.telemetry.Metrics;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** What links and streams use of the peer that they are part of. Any thread. */
public final class ThisPeer {
  private final Supplier<Config> config;
  private final ProxyServer proxy;
  private final Relay relay;
  private final Resolver resolver;
  private final Metrics metrics;
  private final AtomicInteger turn = new AtomicInteger();

  public ThisPeer(
      Supplier<Config> config, ProxyServer proxy, Relay relay, Resolver resolver, Metrics metrics) {
    this.config = config;
    this.proxy = proxy;
    this.relay = relay;
    this.resolver = resolver;
    this.metrics = metrics;
  }

  /** The configuration in force. */
  public Config config() {
    return config.get();
  }

  /** What moves bytes. */
  public Relay relay() {
    return relay;
  }

  /** What looks names up. */
  public Resolver resolver() {
    return resolver;
  }

  /** What counts. */
  public Metrics metrics() {
    return metrics;
  }

  /** The service of the configuration with exactly this name or wildcard. */
  public Optional<Upstream> localRoute(HostName name) {
    return proxy.routes().local().get(name);
  }

  /** The name of other peers that is exactly this name or wildcard. */
  public Optional<RemoteName> remoteRoute(HostName name) {
    return proxy
        .routes()
        .remote()
        .get(name)
        .filter(RemoteName.class::isInstance)
        .map(RemoteName.class::cast);
  }

  /**
   * What hears of a stream that another peer brings.
   *
   * @param id what that one calls it; null where it does not say
   */
  public ConnectionLog connectionLog(String id) {
    return proxy.connectionLog(Config.PEER_LISTENER, id);
  }

  /** Whether more sockets may be opened. */
  public boolean hasRoom() {
    return proxy.hasRoom();
  }

  /** Forwards that this peer may serve at all: each has two sockets. */
  public int mostForwards() {
    return Math.max(1, relay.bounds().descriptors().mostStreams() / 2);
  }

  /** Those of one link. */
  public int mostForwardsPerLink() {
    int configured = config().limits().maxForwardsPerLink();
    return configured > 0 ? configured : Math.max(1, mostForwards() / 2);
  }

  /** The event loops in turn. */
  public EventExecutor nextLoop() {
    List<EventExecutor> loops = relay.loops();
    return loops.get(Math.floorMod(turn.getAndIncrement(), loops.size()));
  }
}
