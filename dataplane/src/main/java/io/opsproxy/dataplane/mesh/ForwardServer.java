package io.opsproxy.dataplane.mesh;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.Cidr;
import io.opsproxy.dataplane.config.HostName;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner's side of a forward: connects the backend, then the requester, sends the DATA line, and
 * joins the two.
 *
 * <p>Nothing on the wire decides where this peer connects to: the name and the backend must be a
 * pair that this peer told the other one, and what is connected then is the service of the
 * configuration.
 */
final class ForwardServer {
  private static final Logger log = LoggerFactory.getLogger(ForwardServer.class);
  private final Mesh mesh;
  private final Set<Serving> serving = ConcurrentHashMap.newKeySet();

  ForwardServer(Mesh mesh) {
    this.mesh = mesh;
  }

  /** Forwards that are being served. Any thread. */
  int active() {
    return serving.size();
  }

  /** Ends all, soon. Any thread. */
  void stopAll() {
    serving.forEach(one -> one.loop.execute(one::stop));
  }

  /** On the link's loop. */
  void serve(Link link, PeerLine.Forward line) {
    if (line.backend().isEmpty()) {
      refuse(link, line, ErrorReason.EMPTY_BACKEND, "it names no backend");
      return;
    }
    Optional<HostName> rule = link.rule(line.name(), line.backend().get());
    Optional<Upstream> upstream = rule.flatMap(name -> mesh.localRoute(name));
    if (upstream.isEmpty()) {
      refuse(
          link,
          line,
          ErrorReason.FORWARD_REFUSED,
          "this peer did not offer that name with that backend");
    } else if (!mesh.hasRoom()) {
      refuse(link, line, ErrorReason.LIMIT, "too many connections");
    } else {
      Serving one = new Serving(link, line.id(), upstream.get());
      serving.add(one);
      one.loop.execute(one::connectBackend);
    }
  }

  private void refuse(Link link, PeerLine.Forward line, ErrorReason reason, String why) {
    mesh.metrics().unknown().forwardFailed(reason);
    log.warn(
        "forward from peer {} for \"{}\" to {} refused: {}",
        link.describe(),
        line.name(),
        line.backend().map(HostPort::toString).orElse("nothing"),
        why);
    link.forwardFailed(line.id(), reason.label());
  }

  /** One forward, on a loop of its own choice: a link is no bottleneck for what it forwards. */
  private final class Serving
      implements Upstream.Listener, Relay.DialListener, TransferListener, Receiver {
    private final Link link;
    private final String id;
    private final Upstream service;
    private final EventExecutor loop = mesh.nextLoop();
    private final NameMetrics.ForwardMeter meter;
    private final Deque<InetSocketAddress> addresses = new ArrayDeque<>();
    private Upstream.Connection backend;
    private Stream data;
    private Transfer transfer;
    private boolean over;

    Serving(Link link, String id, Upstream service) {
      this.link = link;
      this.id = id;
      this.service = service;
      meter = service.metrics().forwardStarted();
    }

    void connectBackend() {
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
      Optional<HostPort> target = link.dataAddress();
      if (target.isEmpty()) {
        fail(ErrorReason.DATA_DIAL_ERROR, "the peer never said where it can be dialled");
      } else {
        mesh.resolver()
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
      candidates.removeIf(address -> !mayBeDialled(address));
      if (candidates.isEmpty() && !found.isEmpty()) {
        fail(ErrorReason.PEER_DENIED, "its address " + target + " is not in mesh.legacy_peers");
        return;
      }
      if (link instanceof AcceptedLink) {
        // many a peer says a name of itself that only its own network knows
        candidates.add(link.source());
      }
      if (candidates.isEmpty()) {
        fail(ErrorReason.DATA_DIAL_ERROR, problem);
        return;
      }
      candidates.forEach(address -> addresses.add(new InetSocketAddress(address, target.port())));
      dialNext();
    }

    private boolean mayBeDialled(InetAddress address) {
      return link instanceof DialledLink
          || mesh.config()
              .mesh()
              .legacyPeers()
              .map(ranges -> Cidr.anyContains(ranges, address))
              .orElse(true);
    }

    private void dialNext() {
      mesh.relay().dial(loop, addresses.remove(), mesh.config().peer().connectionTimeout(), this);
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
      byte[] line = PeerLineCodec.data(id).getBytes(StandardCharsets.US_ASCII);
      // a Go requester loses bytes that share a segment with this line: it goes alone, and first
      data.receive(this);
      data.pause();
      data.write(line, 0, line.length, this::join);
    }

    private void join() {
      if (over) {
        return;
      }
      ProxySettings limits = mesh.config().proxy();
      transfer =
          mesh.relay()
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
      mesh.metrics().readPaused(clientSide, nanos);
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
      serving.remove(this);
    }

    private void fail(ErrorReason reason, String why) {
      if (over) {
        return;
      }
      over = true;
      log.debug("forward {} from peer {} failed: {}: {}", id, link.describe(), reason.label(), why);
      meter.failed(reason);
      serving.remove(this);
      discard();
      link.loop().execute(() -> link.forwardFailed(id, reason.label() + ": " + why));
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
      if (transfer != null) {
        transfer.stop();
      } else {
        fail(ErrorReason.REMOTE_NOT_CONNECTED, "this peer is stopping");
      }
    }
  }
}
