package io.opsproxy.dataplane.mesh;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.dataplane.telemetry.Metric;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One remote peer of the configuration. Its name is looked up again and again, and every address
 * that it has is dialled: behind one name may be several replicas, each of which must know the
 * names served here.
 */
final class RemotePeer {
  private static final Logger log = LoggerFactory.getLogger(RemotePeer.class);
  private static final long LOOK_AGAIN_MILLIS = 5000;
  private final Mesh mesh;
  private final HostPort remote;
  private final EventExecutor loop;
  private Offer offer;
  private ScheduledFuture<?> lookUp;
  private boolean stopped;
  private String lastProblem = "";
  private volatile String unresolved;
  private volatile Map<InetAddress, RemoteAddress> addresses = Map.of();

  RemotePeer(Mesh mesh, HostPort remote, EventExecutor loop, Offer offer) {
    this.mesh = mesh;
    this.remote = remote;
    this.loop = loop;
    this.offer = offer;
  }

  void start() {
    mesh.metrics().bind(Metric.PEER_LINK_UP, () -> isConnected() ? 1 : 0, remote.toString());
    loop.execute(this::lookUp);
  }

  void stop() {
    mesh.metrics().unbind(Metric.PEER_LINK_UP, remote.toString());
    loop.execute(
        () -> {
          stopped = true;
          if (lookUp != null) {
            lookUp.cancel(false);
          }
          addresses.values().forEach(RemoteAddress::stop);
        });
  }

  void offer(Offer next) {
    loop.execute(
        () -> {
          offer = next;
          addresses.values().forEach(address -> address.offer(next));
        });
  }

  private void lookUp() {
    mesh.resolver().resolveFresh(remote.host(), loop, this::resolved);
  }

  private void resolved(List<InetAddress> found, String problem) {
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
    if (io.opsproxy.dataplane.dial.Resolver.literal(remote.host()) == null) {
      lookUp = loop.schedule(this::lookUp, LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void adopt(List<InetAddress> found) {
    Map<InetAddress, RemoteAddress> next = new LinkedHashMap<>();
    Set<InetAddress> wanted = new HashSet<>(found);
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
                mesh, this, new InetSocketAddress(address, remote.port()), mesh.nextLoop(), offer);
        next.put(address, dialled);
        fresh.add(dialled);
      }
    }
    addresses = next;
    fresh.forEach(RemoteAddress::start);
  }

  void connected(InetSocketAddress address) {
    log.info("remote peer {} connected at {}", remote, address.getAddress().getHostAddress());
  }

  void failed(InetSocketAddress address, String why) {
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

  boolean isConnected() {
    return addresses.values().stream()
        .anyMatch(address -> address.status().state().equals("connected"));
  }

  HostPort remote() {
    return remote;
  }

  /** Null, or why its name cannot be looked up. */
  String unresolved() {
    return unresolved;
  }

  List<RemoteAddress> addresses() {
    return List.copyOf(addresses.values());
  }
}
