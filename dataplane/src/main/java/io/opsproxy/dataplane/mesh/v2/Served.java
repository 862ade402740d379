package io.opsproxy.dataplane.mesh.v2;

import io.netty.buffer.ByteBuf;
import io.opsproxy.dataplane.cluster.ClientAddress;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.model.ProxySettings;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.mesh.v2.MessageCodec.BadFrameException;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.relay.Transfer;
import io.opsproxy.dataplane.relay.TransferLimits;
import io.opsproxy.dataplane.relay.TransferListener;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data connection that the other side opens streams on: waits for OPEN, connects the backend of
 * the configuration, and joins the two. Nothing on the wire says where this peer connects to. On
 * the connection's loop.
 */
final class Served implements Receiver, Upstream.Listener, TransferListener {
  private static final Logger log = LoggerFactory.getLogger(Served.class);
  private final V2 v2;
  private final Session session;
  private final DataConnection connection;
  private final Stream data;
  private final MessageReader reader;
  private NameMetrics.ForwardMeter meter;
  private Upstream.Connection backend;
  private boolean asked;
  private boolean over;

  Served(V2 v2, Session session, DataConnection connection, MessageReader reader) {
    this.v2 = v2;
    this.session = session;
    this.connection = connection;
    this.data = connection.stream();
    this.reader = reader;
  }

  void park() {
    session.runs(data);
    if (!session.waits(this)) {
      end();
      return;
    }
    read();
    if (!asked && !over) {
      data.receive(this);
    }
  }

  /** The link is closed: what was not asked for yet is not wanted any more. Any thread. */
  void linkClosed() {
    OnLoop.run(
        data.loop(),
        () -> {
          if (!asked && !over) {
            end();
          }
        });
  }

  @Override
  public void received(ByteBuf bytes) {
    if (!over) {
      // what comes right behind OPEN belongs to it
      reader.append(bytes);
      if (!asked) {
        read();
      }
    }
  }

  private void read() {
    try {
      Message message = reader.next();
      if (message instanceof Message.Open open) {
        asked = true;
        session.waitsNoMore(this);
        data.pause();
        onOpen(open);
      } else if (message != null) {
        end();
      }
    } catch (BadFrameException e) {
      log.debug("data connection of peer {} closed: {}", session.peer(), e.getMessage());
      end();
    }
  }

  private void onOpen(Message.Open open) {
    if (!connection.secure() && !session.tokens().isOpen(open, connection.number())) {
      refuse(ErrorReason.FORWARD_REFUSED.label(), "its OPEN is not the other side's own");
      return;
    }
    Optional<Upstream> upstream =
        session.link().hasTold(open.name()) ? v2.self().localRoute(open.name()) : Optional.empty();
    if (open.visited().contains(v2.ownId()) || open.ttl() <= 0) {
      refuse("loop", "it has passed this peer already");
    } else if (upstream.isEmpty()) {
      refuse(ErrorReason.FORWARD_REFUSED.label(), "this peer did not offer " + open.name());
    } else if (session.served().get() >= v2.self().mostForwardsPerLink()) {
      refuse(
          ErrorReason.LIMIT.label(),
          "its link has too many streams (limits.max_forwards_per_link)");
    } else if (v2.served().get() >= v2.self().mostForwards() || !v2.self().hasRoom()) {
      refuse(ErrorReason.LIMIT.label(), "there are no sockets for more");
    } else {
      session.served().incrementAndGet();
      v2.served().incrementAndGet();
      meter = upstream.get().metrics().forwardStarted();
      upstream.get().connect(data.loop(), client(open), this);
    }
  }

  /** The client as the first peer saw it, for PROXY headers; nothing is decided by it. */
  private static Optional<ClientAddress> client(Message.Open open) {
    Optional<InetSocketAddress> source = address(open.source());
    Optional<InetSocketAddress> destination = address(open.destination());
    return source.isPresent() && destination.isPresent()
        ? Optional.of(new ClientAddress(source.get(), destination.get()))
        : Optional.empty();
  }

  private static Optional<InetSocketAddress> address(String text) {
    try {
      HostPort parsed = HostPort.parse(text);
      InetAddress literal = Resolver.literal(parsed.host());
      return literal == null
          ? Optional.empty()
          : Optional.of(new InetSocketAddress(literal, parsed.port()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void refuse(String reason, String why) {
    v2.self().metrics().unknown().forwardFailed(ErrorReason.FORWARD_REFUSED);
    tellFailed(reason, why);
    end();
  }

  private void tellFailed(String reason, String why) {
    byte[] frame = MessageCodec.encode(new Message.OpenFailed(reason, why));
    data.write(frame, 0, frame.length);
  }

  @Override
  public void connected(Upstream.Connection upstream) {
    backend = upstream;
    byte[] opened = MessageCodec.encode(new Message.Opened());
    data.write(opened, 0, opened.length);
    byte[] rest = reader.rest();
    if (rest.length > 0) {
      upstream.stream().write(rest, 0, rest.length);
    }
    ProxySettings limits = v2.self().config().proxy();
    v2.self()
        .relay()
        .join(
            data,
            upstream.stream(),
            new TransferLimits(limits.idleTimeout(), limits.halfClosedTimeout(), false),
            this);
  }

  @Override
  public void failed(Upstream.Failure failure) {
    meter.failed(failure.reason());
    tellFailed(failure.reason().label(), failure.message());
    gone();
    end();
  }

  @Override
  public void progress(long toUpstream, long toClient) {}

  @Override
  public void paused(boolean clientSide, long nanos) {
    v2.self().metrics().readPaused(clientSide, nanos);
  }

  @Override
  public void over(Transfer.Outcome outcome) {
    switch (outcome) {
      case UPSTREAM_BROKE -> meter.failed(ErrorReason.BACKEND_IO_ERROR);
      case SHED -> meter.failed(ErrorReason.MEMORY);
      default -> meter.succeeded();
    }
    over = true;
    backend.released();
    session.over(data);
    gone();
  }

  private void gone() {
    session.served().decrementAndGet();
    v2.served().decrementAndGet();
  }

  /** It is closed, after what was said last. */
  private void end() {
    over = true;
    session.waitsNoMore(this);
    session.over(data);
    data.close();
  }

  @Override
  public void ended() {
    if (!over && !asked) {
      end();
    }
  }

  @Override
  public void broken(Throwable cause) {
    over = true;
    session.waitsNoMore(this);
    session.over(data);
  }
}
