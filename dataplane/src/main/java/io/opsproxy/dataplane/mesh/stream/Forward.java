package io.opsproxy.dataplane.mesh.stream;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.dataplane.config.ProxySettings;
import io.opsproxy.dataplane.dial.ConnectProblem;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.relay.Transfer;
import io.opsproxy.dataplane.relay.TransferLimits;
import io.opsproxy.dataplane.relay.TransferListener;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One forward that this peer serves: connects the backend, then the requester, sends the opening
 * line, and joins the two. On a loop of its own choice: a link is no bottleneck for what it
 * forwards.
 */
final class Forward implements Upstream.Listener, Relay.DialListener, TransferListener, Receiver {
  private static final Logger log = LoggerFactory.getLogger(Forward.class);
  private final ThisPeer peer;
  private final Requester requester;
  private final String id;
  private final Upstream service;
  private final Consumer<Forward> ended;
  private final EventExecutor loop;
  private final NameMetrics.ForwardMeter meter;
  private final Deque<InetSocketAddress> addresses = new ArrayDeque<>();
  private Upstream.Connection backend;
  private Stream data;
  private Transfer transfer;
  private boolean over;

  /**
   * @param ended called once, on {@link #loop}
   */
  Forward(
      ThisPeer peer, Requester requester, String id, Upstream service, Consumer<Forward> ended) {
    this.peer = peer;
    this.requester = requester;
    this.id = id;
    this.service = service;
    this.ended = ended;
    loop = peer.nextLoop();
    meter = service.metrics().forwardStarted();
  }

  EventExecutor loop() {
    return loop;
  }

  void start() {
    assert loop.inEventLoop();
    if (!over) {
      service.connect(loop, Optional.empty(), this);
    }
  }

  @Override
  public void failed(Upstream.Failure failure) {
    fail(failure.reason(), failure.message());
  }

  @Override
  public void connected(Upstream.Connection connection) {
    backend = connection;
    if (over) {
      discard();
      return;
    }
    Optional<HostPort> target = requester.address();
    if (target.isEmpty()) {
      fail(ErrorReason.DATA_DIAL_ERROR, "the peer never said where it can be dialled");
    } else {
      peer.resolver()
          .resolve(
              Resolver.Names.BROUGHT,
              target.get().host(),
              loop,
              (found, problem) -> dial(target.get(), found, problem));
    }
  }

  private void dial(HostPort target, List<InetAddress> found, String problem) {
    if (over) {
      return;
    }
    Set<InetAddress> candidates = new LinkedHashSet<>(found);
    candidates.removeIf(address -> !requester.mayBeDialled(address));
    if (candidates.isEmpty() && !found.isEmpty()) {
      fail(ErrorReason.PEER_DENIED, "its address " + target + " is not in mesh.legacy_peers");
      return;
    }
    requester.lastResort().ifPresent(candidates::add);
    if (candidates.isEmpty()) {
      fail(ErrorReason.DATA_DIAL_ERROR, problem);
      return;
    }
    candidates.forEach(address -> addresses.add(new InetSocketAddress(address, target.port())));
    dialNext();
  }

  private void dialNext() {
    peer.relay().dial(loop, addresses.remove(), peer.config().peer().connectionTimeout(), this);
  }

  @Override
  public void failed(Throwable cause) {
    if (!over && !addresses.isEmpty()) {
      dialNext();
    } else {
      fail(ErrorReason.DATA_DIAL_ERROR, ConnectProblem.describe(cause));
    }
  }

  @Override
  public void connected(Stream stream) {
    data = stream;
    if (over) {
      discard();
      return;
    }
    byte[] line = requester.opening(id);
    // a Go requester loses bytes that share a segment with this line: it goes alone, and first
    data.receive(this);
    data.pause();
    data.write(line, 0, line.length, this::join);
  }

  private void join() {
    if (over) {
      return;
    }
    ProxySettings limits = peer.config().proxy();
    transfer =
        peer.relay()
            .join(
                data,
                backend.stream(),
                new TransferLimits(limits.idleTimeout(), limits.halfClosedTimeout(), false),
                this);
  }

  // the DATA connection before it is joined

  @Override
  public void received(ByteBuf bytes) {}

  @Override
  public void ended() {}

  @Override
  public void broken(Throwable cause) {
    fail(ErrorReason.DATA_HEADER_ERROR, "the DATA line could not be sent");
  }

  // the transfer

  @Override
  public void progress(long toUpstream, long toClient) {}

  @Override
  public void paused(boolean clientSide, long nanos) {
    peer.metrics().readPaused(clientSide, nanos);
  }

  @Override
  public void over(Transfer.Outcome outcome) {
    if (outcome == Transfer.Outcome.UPSTREAM_BROKE) {
      meter.failed(ErrorReason.BACKEND_IO_ERROR);
    } else {
      meter.succeeded();
    }
    over = true;
    backend.released();
    ended.accept(this);
  }

  private void fail(ErrorReason reason, String why) {
    if (over) {
      return;
    }
    over = true;
    log.debug(
        "forward {} from peer {} failed: {}: {}", id, requester.describe(), reason.label(), why);
    meter.failed(reason);
    ended.accept(this);
    discard();
    requester.failed(id, reason.label() + ": " + why);
  }

  private void discard() {
    if (backend != null) {
      backend.stream().abort();
      backend.released();
      backend = null;
    }
    if (data != null) {
      data.abort();
      data = null;
    }
  }

  void stop() {
    assert loop.inEventLoop();
    if (transfer != null) {
      transfer.stop();
    } else {
      fail(ErrorReason.REMOTE_NOT_CONNECTED, "this peer is stopping");
    }
  }
}
