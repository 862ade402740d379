package io.opsproxy.dataplane.mesh.stream;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.model.ProxySettings;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.dial.Destination;
import io.opsproxy.dataplane.dial.Dialler;
import io.opsproxy.dataplane.dial.Dialling;
import io.opsproxy.dataplane.proxy.ConnectionLog;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.relay.Transfer;
import io.opsproxy.dataplane.relay.TransferLimits;
import io.opsproxy.dataplane.relay.TransferListener;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One forward that this peer serves: connects the backend, then the requester, sends the opening
 * line, and joins the two. On a loop of its own choice: a link is no bottleneck for what it
 * forwards.
 *
 * <p>The requester waits for its own {@code connection_timeout}, which this peer does not know; it
 * takes it for the same as here, and is done before: the backend is connected within seven tenths
 * of it, and all within nine, so that the requester hears the cause instead of nothing.
 */
final class Forward implements Upstream.Listener, Dialling.Listener, TransferListener, Receiver {
  private static final Logger log = LoggerFactory.getLogger(Forward.class);
  private final ThisPeer peer;
  private final Dialler dialler;
  private final Requester requester;
  private final String id;
  private final Upstream service;
  private final Consumer<Forward> ended;
  private final EventExecutor loop;
  private final NameMetrics.ForwardMeter meter;
  private final ConnectionLog connectionLog;
  private final Deque<Destination> destinations = new ArrayDeque<>();
  private ScheduledFuture<?> deadline;
  private Upstream.Attempt attempt;
  private Upstream.Connection backend;
  private Destination destination;
  private Dialling dial;
  private boolean denied;
  private Stream data;
  private Transfer transfer;
  private boolean over;

  /**
   * @param dialler for the DATA connection
   * @param ended called once, on {@link #loop}
   */
  Forward(
      ThisPeer peer,
      Dialler dialler,
      Requester requester,
      String id,
      HostName name,
      Upstream service,
      Consumer<Forward> ended) {
    this.peer = peer;
    this.dialler = dialler;
    this.requester = requester;
    this.id = id;
    this.service = service;
    this.ended = ended;
    loop = peer.nextLoop();
    meter = service.metrics().forwardStarted();
    connectionLog = peer.connectionLog(null);
    connectionLog.brought(Optional.empty(), name);
  }

  /** For each of the two addresses that a requester may have. */
  static Duration dataTimeout(Duration connectionTimeout) {
    return tenths(connectionTimeout, 4);
  }

  private static Duration tenths(Duration whole, int count) {
    return Duration.ofNanos(Math.max(1, whole.toNanos() / 10 * count));
  }

  EventExecutor loop() {
    return loop;
  }

  void start() {
    assert loop.inEventLoop();
    if (over) {
      return;
    }
    Duration patience = peer.config().peer().connectionTimeout();
    Duration all = tenths(patience, 9);
    deadline = loop.schedule(() -> tooLate(all), all.toNanos(), TimeUnit.NANOSECONDS);
    attempt = service.connect(loop, Optional.empty(), tenths(patience, 7), this);
  }

  private void tooLate(Duration limit) {
    String within = " within " + limit.toMillis() + " ms";
    if (backend == null) {
      fail(ErrorReason.BACKEND_DIAL_ERROR, "no endpoint could be connected" + within);
    } else {
      fail(ErrorReason.DATA_DIAL_ERROR, where() + ": not connected" + within);
    }
  }

  private String where() {
    return destination == null ? "the requester" : destination.address().toString();
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
      return;
    }
    destinations.add(Destination.of(target.get()));
    requester
        .lastResort()
        .map(address -> new HostPort(address.getHostAddress(), target.get().port()))
        .filter(address -> !address.equals(target.get()))
        .ifPresent(address -> destinations.add(Destination.of(address)));
    dialNext();
  }

  private void dialNext() {
    destination = destinations.remove();
    dial = dialler.to(destination, this::mayBeDialled, loop, this);
    dial.start();
  }

  private boolean mayBeDialled(InetAddress address) {
    boolean allowed = requester.mayBeDialled(address);
    denied |= !allowed;
    return allowed;
  }

  @Override
  public void failed(Dialling.Problem problem) {
    if (denied && problem.dialled().isEmpty()) {
      fail(ErrorReason.PEER_DENIED, "its address " + where() + " is not in mesh.legacy_peers");
    } else if (!over && !destinations.isEmpty()) {
      dialNext();
    } else {
      fail(ErrorReason.DATA_DIAL_ERROR, where() + ": " + problem.why());
    }
  }

  @Override
  public void connected(Stream stream) {
    data = stream;
    connectionLog.arrived(stream);
    connectionLog.connected(backend);
    if (over) {
      discard();
      return;
    }
    if (stream.remoteAddress().equals(backend.stream().remoteAddress())) {
      // it would ask for the name again, and again
      fail(
          ErrorReason.FORWARD_REFUSED,
          "the backend " + where() + " is the port of the very peer that asks: a loop");
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
    deadline.cancel(false);
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
  public void progress(long toUpstream, long toClient) {
    connectionLog.progress(toUpstream, toClient);
  }

  @Override
  public void paused(boolean clientSide, long nanos) {
    peer.metrics().readPaused(clientSide, nanos);
  }

  @Override
  public void over(Transfer.Outcome outcome) {
    switch (outcome) {
      case UPSTREAM_BROKE -> failed(ErrorReason.BACKEND_IO_ERROR, "the connection broke");
      case SHED -> failed(ErrorReason.MEMORY, "memory is short");
      default -> meter.succeeded();
    }
    connectionLog.written();
    over = true;
    backend.released();
    ended.accept(this);
  }

  private void fail(ErrorReason reason, String why) {
    if (over) {
      return;
    }
    over = true;
    if (deadline != null) {
      deadline.cancel(false);
    }
    if (backend == null && attempt != null) {
      attempt.cancel();
    }
    if (data == null && dial != null) {
      dial.cancel();
    }
    log.debug(
        "forward {} from peer {} failed: {}: {}", id, requester.describe(), reason.label(), why);
    failed(reason, why);
    connectionLog.written();
    ended.accept(this);
    discard();
    requester.failed(id, reason.label() + ": " + why);
  }

  private void failed(ErrorReason reason, String why) {
    meter.failed(reason);
    connectionLog.failed(reason, why);
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

  /** The link that it was asked over is closed. */
  void linkLost() {
    assert loop.inEventLoop();
    if (transfer == null) {
      fail(ErrorReason.REMOTE_NOT_CONNECTED, "its link was closed");
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
