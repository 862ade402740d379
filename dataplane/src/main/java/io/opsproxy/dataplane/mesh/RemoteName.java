package io.opsproxy.dataplane.mesh;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.cluster.ClientAddress;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.HostName;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A name that other peers serve. It may have several owners: new connections are dealt out to them
 * in turn, and a connection whose owner fails before it is connected goes to the next.
 */
final class RemoteName implements Upstream {

  /** A link whose peer serves the name. */
  record Owner(Link link, HostPort backend) {}

  private final Mesh mesh;
  private final HostName name;
  private final NameMetrics metrics;
  private final AtomicInteger turn = new AtomicInteger();
  private volatile List<Owner> owners = List.of();

  /**
   * One link to each owner: the one that the owner dialled, where there is one, because it answers
   * a forward on that link at an address that it is known to reach.
   */
  private volatile List<Owner> firstLinks = List.of();

  RemoteName(Mesh mesh, HostName name, NameMetrics metrics) {
    this.mesh = mesh;
    this.name = name;
    this.metrics = metrics;
  }

  /** Called with the registry's lock held. */
  void owners(List<Owner> next) {
    owners = List.copyOf(next);
    // two peers that dial each other have two links, and one share
    Map<String, Owner> ofPeer = new LinkedHashMap<>();
    for (Owner owner : next) {
      String peer = owner.link.peer().map(PeerLine.Sender::id).orElse(owner.link.describe());
      ofPeer.merge(peer, owner, (one, other) -> one.link instanceof AcceptedLink ? one : other);
    }
    firstLinks = List.copyOf(ofPeer.values());
  }

  List<Owner> owners() {
    return owners;
  }

  @Override
  public NameMetrics metrics() {
    return metrics;
  }

  @Override
  public Attempt connect(EventExecutor loop, Optional<ClientAddress> client, Listener listener) {
    Asking asking = new Asking(loop, listener);
    asking.next(null);
    return asking;
  }

  private Owner pick(List<Link> tried) {
    // a retry takes no turn: of two owners the failing one would get every first attempt
    int first = tried.isEmpty() ? turn.getAndIncrement() : turn.get();
    Owner owner = pick(firstLinks, first, tried);
    return owner != null ? owner : pick(owners, first, tried);
  }

  private static Owner pick(List<Owner> from, int first, List<Link> tried) {
    for (int i = 0; i < from.size(); i++) {
      Owner owner = from.get(Math.floorMod(first + i, from.size()));
      if (owner.link.usable() && !tried.contains(owner.link)) {
        return owner;
      }
    }
    return null;
  }

  /** Whether a request for the name could be sent to anybody now. */
  boolean isConnected() {
    return owners.stream().anyMatch(owner -> owner.link.usable());
  }

  /** One connection's way through the owners. On its loop. */
  private final class Asking implements Attempt, Pending.Answer {
    private final EventExecutor loop;
    private final Listener listener;
    private final List<Link> tried = new ArrayList<>(1);
    private Link link;
    private Pending.Forward forward;

    Asking(EventExecutor loop, Listener listener) {
      this.loop = loop;
      this.listener = listener;
    }

    void next(Failure last) {
      Owner owner = pick(tried);
      if (owner == null) {
        listener.failed(
            last != null
                ? last
                : new Failure(
                    ErrorReason.REMOTE_NOT_CONNECTED,
                    "no link to a peer that serves it can be used"));
        return;
      }
      link = owner.link;
      tried.add(link);
      forward =
          mesh.pending()
              .ask(
                  link,
                  name,
                  owner.backend,
                  metrics,
                  loop,
                  mesh.config().peer().connectionTimeout(),
                  this);
    }

    @Override
    public void connected(Stream data, byte[] early) {
      metrics.count(Metric.DATA_MATCHED);
      listener.connected(new DataConnection(data, early, "peer " + link.describe()));
    }

    @Override
    public void failed(ErrorReason reason, String message) {
      next(new Failure(reason, message));
    }

    @Override
    public void cancel() {
      forward.cancel();
    }
  }

  private record DataConnection(Stream stream, byte[] early, String description)
      implements Connection {
    @Override
    public ErrorReason brokenReason() {
      return ErrorReason.DATA_IO_ERROR;
    }

    @Override
    public void released() {}
  }
}
