package io.opsproxy.dataplane.mesh.link;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.mesh.names.Offer;
import io.opsproxy.dataplane.mesh.stream.ThisPeer;
import io.opsproxy.dataplane.telemetry.Metric;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One remote peer of the configuration. Its name is looked up again and again, and every address
 * that it has is dialled: behind one name may be several replicas, each of which must know the
 * names served here.
 *
 * <p>Each address has a loop of its own. The one of the peer itself does the look-ups, and owns
 * what has no other word here.
 */
public final class RemotePeer implements RemoteAddress.Listener {
  private static final Logger log = LoggerFactory.getLogger(RemotePeer.class);
  private static final long LOOK_AGAIN_MILLIS = 5000;
  private static final int MOST_ADDRESSES = 256;
  private final ThisPeer self;
  private final RemoteAddress.LinkFactory links;
  private final RandomGenerator random;
  private final HostPort remote;
  private final EventExecutor loop;
  private final Instant since = Instant.now();
  private Offer offer;
  private ScheduledFuture<?> lookUp;
  private boolean crowded;
  private String lastProblem = "";
  private volatile String unresolved;

  /** Replaced with the lock held, so that none is started once all were stopped. */
  private volatile Map<InetAddress, RemoteAddress> addresses = Map.of();

  private volatile boolean stopped;

  /**
   * @param remote host and port to be dialled
   * @param offer what the peer is told first
   */
  public RemotePeer(
      ThisPeer self,
      RemoteAddress.LinkFactory links,
      RandomGenerator random,
      HostPort remote,
      Offer offer) {
    this.self = self;
    this.links = links;
    this.random = random;
    this.remote = remote;
    this.loop = self.nextLoop();
    this.offer = offer;
  }

  /** Any thread. */
  public void start() {
    self.metrics().bind(Metric.PEER_LINK_UP, () -> isConnected() ? 1 : 0, remote.toString());
    loop.execute(this::lookUp);
  }

  /** Any thread. */
  public synchronized void stop() {
    stopped = true;
    self.metrics().unbind(Metric.PEER_LINK_UP, remote.toString());
    // each on its own loop, and from here: a loop that is ending takes no task of another
    addresses.values().forEach(RemoteAddress::stop);
    loop.execute(
        () -> {
          if (lookUp != null) {
            lookUp.cancel(false);
          }
        });
  }

  /** The names served here changed. Any thread. */
  public void offer(Offer next) {
    loop.execute(
        () -> {
          offer = next;
          addresses.values().forEach(address -> address.offer(next));
        });
  }

  private void lookUp() {
    assert loop.inEventLoop();
    self.resolver().resolveFresh(remote.host(), loop, this::resolved);
  }

  private void resolved(List<InetAddress> found, String problem) {
    assert loop.inEventLoop();
    if (stopped) {
      return;
    }
    if (problem != null) {
      if (!problem.equals(lastProblem)) {
        log.warn("remote peer {}: {}; trying again", remote, problem);
      }
    } else {
      adopt(found);
    }
    lastProblem = problem == null ? "" : problem;
    unresolved = problem;
    if (Resolver.literal(remote.host()) == null) {
      lookUp =
          loop.schedule(
              Guard.of(this::lookUp, e -> resolved(List.of(), e.toString())),
              LOOK_AGAIN_MILLIS,
              TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void adopt(List<InetAddress> found) {
    if (stopped) {
      return;
    }
    Map<InetAddress, RemoteAddress> next = new LinkedHashMap<>();
    if (found.size() > MOST_ADDRESSES && !crowded) {
      crowded = true;
      log.warn(
          "remote peer {} has {} addresses, of which {} are dialled",
          remote,
          found.size(),
          MOST_ADDRESSES);
    }
    Set<InetAddress> wanted =
        found.stream().limit(MOST_ADDRESSES).collect(Collectors.toCollection(HashSet::new));
    addresses.forEach(
        (address, dialled) -> {
          // a link that works is kept although DNS forgot its address
          if (wanted.contains(address) || dialled.status().state().equals("connected")) {
            next.put(address, dialled);
          } else {
            dialled.stop();
          }
        });
    List<RemoteAddress> fresh = new ArrayList<>();
    for (InetAddress address : wanted) {
      if (!next.containsKey(address)) {
        RemoteAddress dialled =
            new RemoteAddress(
                self,
                links,
                this,
                remote,
                new InetSocketAddress(address, remote.port()),
                offer,
                random);
        next.put(address, dialled);
        fresh.add(dialled);
      }
    }
    addresses = next;
    fresh.forEach(RemoteAddress::start);
  }

  @Override
  public void connected(InetSocketAddress address) {
    log.info("remote peer {} connected at {}", remote, address.getAddress().getHostAddress());
  }

  @Override
  public void failed(InetSocketAddress address, String why) {
    if (isConnected()) {
      log.debug("remote peer {} at {}: {}", remote, address.getAddress().getHostAddress(), why);
    } else {
      log.warn(
          "remote peer {} at {}: {}; trying again",
          remote,
          address.getAddress().getHostAddress(),
          why);
    }
  }

  /**
   * Whether any of its addresses has a link that is registered, or this peer is all there is of it.
   * Any thread.
   */
  public boolean isConnected() {
    List<String> states =
        addresses.values().stream().map(address -> address.status().state()).toList();
    return states.contains("connected")
        || (!states.isEmpty() && states.stream().allMatch(RemoteAddress.ITSELF::equals));
  }

  /** Since when it is to be dialled. Any thread. */
  public Instant since() {
    return since;
  }

  /** As the configuration has it. */
  public HostPort remote() {
    return remote;
  }

  /** Null, or why its name cannot be looked up. Any thread. */
  public String unresolved() {
    return unresolved;
  }

  /** Those that it has now. Any thread. */
  public List<RemoteAddress> addresses() {
    return List.copyOf(addresses.values());
  }
}
