package io.opsproxy.dataplane.mesh.stream;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.cluster.ClientAddress;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.mesh.names.Advertisement;
import io.opsproxy.dataplane.mesh.names.OwnedName;
import io.opsproxy.dataplane.mesh.names.Peers;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A name that other peers serve, as an upstream: a connection whose owner fails before it is
 * connected goes to the next.
 */
public final class RemoteName implements Upstream {
  private final OwnedName<StreamOwner> owned;
  private final OwnerChoice choice;

  /**
   * @param peers which of its owners are one peer
   */
  public RemoteName(OwnedName<StreamOwner> owned, Peers peers) {
    this.owned = owned;
    this.choice = new OwnerChoice(owned, peers);
  }

  /** Who serves it. Any thread. */
  public OwnedName<StreamOwner> owned() {
    return owned;
  }

  @Override
  public NameMetrics metrics() {
    return owned.metrics();
  }

  @Override
  public Attempt connect(EventExecutor loop, Optional<ClientAddress> client, Listener listener) {
    return connect(Passage.BEGINNING, loop, client, listener);
  }

  /**
   * The same for a stream that another peer has brought: it goes on to the one that it is for.
   *
   * @param passage which way it has come
   */
  public Attempt connect(
      Passage passage, EventExecutor loop, Optional<ClientAddress> client, Listener listener) {
    Asking asking = new Asking(passage, loop, client, listener);
    asking.next(null);
    return asking;
  }

  /** Whether a request for the name could be sent to anybody now. */
  public boolean isConnected() {
    return owned.advertisements().stream().anyMatch(one -> one.owner().isUsable());
  }

  /** One connection's way through the owners. On its loop. */
  private final class Asking implements Attempt, DataSource.Answer {
    private final Passage passage;
    private final EventExecutor loop;
    private final Optional<ClientAddress> client;
    private final Listener listener;
    private final List<Advertisement<StreamOwner>> tried = new ArrayList<>(1);
    private StreamOwner owner;
    private DataSource.Request request;

    Asking(Passage passage, EventExecutor loop, Optional<ClientAddress> client, Listener listener) {
      this.passage = passage;
      this.loop = loop;
      this.client = client;
      this.listener = listener;
    }

    void next(Failure last) {
      Advertisement<StreamOwner> way =
          passage.equals(Passage.BEGINNING) ? choice.next(tried) : choice.next(passage, tried);
      if (way == null) {
        listener.failed(
            last != null
                ? last
                : new Failure(
                    ErrorReason.REMOTE_NOT_CONNECTED,
                    "no link to a peer that serves it can be used"));
        return;
      }
      tried.add(way);
      owner = way.owner();
      String next = way.route().passed() ? way.identity().orElse(Passage.NOBODY) : "";
      request =
          owner.source().open(owned.name(), passage.to(next), owned.metrics(), loop, client, this);
    }

    @Override
    public void connected(DataSource.Brought brought) {
      metrics().count(Metric.DATA_MATCHED);
      listener.connected(new DataConnection(brought, "peer " + owner.describe()));
    }

    @Override
    public void failed(ErrorReason reason, String message) {
      next(new Failure(reason, message));
    }

    @Override
    public void cancel() {
      request.cancel();
    }
  }

  private record DataConnection(DataSource.Brought brought, String description)
      implements Connection {
    @Override
    public Stream stream() {
      return brought.stream();
    }

    @Override
    public byte[] early() {
      return brought.early();
    }

    @Override
    public int replayed() {
      return brought.replayed();
    }

    @Override
    public ErrorReason brokenReason() {
      return ErrorReason.DATA_IO_ERROR;
    }

    @Override
    public void released() {
      brought.released().run();
    }
  }
}
