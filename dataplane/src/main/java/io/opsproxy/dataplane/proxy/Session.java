package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client connection, from accept to close. It is always in exactly one state; a state is a
 * class whose methods are the only ways out of it.
 *
 * <pre>
 *            accept
 *              |
 *        {@link Sniffing} --- first line of a peer ---> (the mesh owns the stream)
 *          |      |
 *          |      +--- no route, malformed, refused ---> {@link Parting} ---+
 *          | routed                                         ^   ^           |
 *          v                                                |   |           |
 *       {@link Connecting} --- no candidate left -----------+   |           |
 *          |                                                    |           v
 *          | connected                                          |        closed
 *          v                                                    |           ^
 *       {@link Relaying} --- upstream ended without a byte -----+           |
 *          |                                                                |
 *          +--- both ended, one broke, a limit, stopped ---------------------+
 * </pre>
 *
 * <p>A client that breaks, and {@link #stop}, lead to closed from every state. All of it runs on
 * the client stream's event loop.
 */
final class Session {
  private static final Logger logger = LoggerFactory.getLogger(Session.class);

  /** What all states have in common. */
  sealed interface State permits Sniffing, Connecting, Relaying, Parting, Closed {
    /** Leaves for {@link Closed}, at once. */
    void stop();

    /** Memory is short, and this connection holds the most first bytes: it has to go. */
    void overBudget();

    /** This peer is stopping: leaves for {@link Closed} if the client has not said a word. */
    default void stopIfSilent() {}
  }

  /** The end. */
  record Closed() implements State {
    @Override
    public void stop() {}

    @Override
    public void overBudget() {}
  }

  private final ProxyServer proxy;
  private final LoopSessions sessions;
  private final ListenerConfig listener;
  private final Stream client;
  private final ConnectionLog log;
  private final Prelude prelude;
  private final ListenerCounts counts;
  private State state = new Closed();

  Session(ProxyServer proxy, LoopSessions sessions, ListenerConfig listener, Stream client) {
    this.proxy = proxy;
    this.sessions = sessions;
    this.listener = listener;
    this.client = client;
    this.counts = proxy.counts(listener.name());
    this.log = proxy.connectionLog(listener.name(), null);
    log.arrived(client);
    this.prelude = new Prelude(proxy.relay().share(client.loop()), () -> state.overBudget());
  }

  void start() {
    sessions.add(this);
    counts.opened();
    Sniffing sniffing = new Sniffing(this);
    state = sniffing;
    sniffing.start();
  }

  /** Ends it at once, whatever it is doing. */
  void stop() {
    state.stop();
  }

  /** Ends it at once if the client has not said a word and nobody else speaks first. */
  void stopIfSilent() {
    state.stopIfSilent();
  }

  // what the states use

  ProxyServer proxy() {
    return proxy;
  }

  Config config() {
    return proxy.config();
  }

  ListenerConfig listener() {
    return listener;
  }

  LoopSessions sessions() {
    return sessions;
  }

  Stream client() {
    return client;
  }

  /** What the client has sent so far; empty from the time that it is replayed, or refused. */
  Prelude prelude() {
    return prelude;
  }

  void connecting(Route route) {
    Connecting next = new Connecting(this, route);
    state = next;
    next.start();
  }

  void relaying(Relaying next) {
    state = next;
    next.start();
  }

  /** Tells the client why, lets it read that, and closes. */
  void parting(byte[] lastWords) {
    prelude.drop();
    Parting next = new Parting(this);
    state = next;
    next.start(lastWords);
  }

  /** The stream is closed. */
  void closed() {
    log.written();
    handedOver();
  }

  /** The stream is somebody else's. */
  void handedOver() {
    prelude.drop();
    state = new Closed();
    if (sessions.remove(this)) {
      counts.closed();
    }
  }

  ConnectionLog log() {
    return log;
  }

  /** Counts a failure for which no connection meter was opened. */
  void refuse(NameMetrics name, ErrorReason reason, String detail) {
    name.error(reason);
    log.failed(reason, detail);
    if (logger.isDebugEnabled()) {
      logger.debug(
          "{} on {}: {}: {}", client.remoteAddress(), listener.name(), reason.label(), detail);
    }
  }
}
