package io.opsproxy.dataplane.mesh.v2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.opsproxy.dataplane.cluster.ClientAddress;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.model.ProxySettings;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.mesh.stream.Passage;
import io.opsproxy.dataplane.mesh.stream.RemoteName;
import io.opsproxy.dataplane.mesh.v2.MessageCodec.BadFrameException;
import io.opsproxy.dataplane.proxy.ConnectionLog;
import io.opsproxy.dataplane.relay.FramedStream;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.relay.Transfer;
import io.opsproxy.dataplane.relay.TransferLimits;
import io.opsproxy.dataplane.relay.TransferListener;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import io.opsproxy.dataplane.telemetry.StreamId;
import io.opsproxy.dataplane.trust.Refusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A data connection that the other side opens streams on: waits for OPEN, connects the backend of
 * the configuration, or the peer that the name is passed on for, and joins the two. Nothing on the
 * wire says where this peer connects to. On the connection's loop.
 */
final class Served implements Receiver, Upstream.Listener, TransferListener {
  private static final Logger log = LoggerFactory.getLogger(Served.class);
  private final V2 v2;
  private final Session session;
  private final DataConnection connection;
  private final Stream data;

  /** The stream on it, once it was asked for: itself, or one of several. */
  private Stream stream;

  private final MessageReader reader;
  private NameMetrics.ForwardMeter meter;
  private ConnectionLog connectionLog;
  private Upstream.Connection backend;
  private byte[] said = {};
  private boolean asked;
  private boolean over;

  Served(V2 v2, Session session, DataConnection connection, MessageReader reader) {
    this.v2 = v2;
    this.session = session;
    this.connection = connection;
    this.data = connection.stream();
    this.stream = data;
    this.reader = reader;
  }

  void park() {
    session.runs(data, "");
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
        begin();
        onOpen(open);
      } else if (message != null) {
        end();
      }
    } catch (BadFrameException e) {
      log.debug("data connection of peer {} closed: {}", session.peer(), e.getMessage());
      end();
    }
  }

  /** What follows OPEN is the client's; in TLS in chunks, so that the connection outlives it. */
  private void begin() {
    if (connection.secure()) {
      stream = new FramedStream(data, reader.rest(), this::parkAgain);
      stream.receive(
          new Receiver() {
            @Override
            public void received(ByteBuf bytes) {
              reader.append(bytes);
            }

            @Override
            public void ended() {
              // whoever joins the stream sees that
            }

            @Override
            public void broken(Throwable cause) {
              Served.this.broken(cause);
            }
          });
    }
    stream.pause();
  }

  /** The stream is over in both directions, and the connection is free for another. */
  private void parkAgain(byte[] rest) {
    MessageReader next = new MessageReader();
    next.append(Unpooled.wrappedBuffer(rest));
    new Served(v2, session, connection, next).park();
  }

  private void onOpen(Message.Open open) {
    if (!connection.secure() && !session.tokens().isOpen(open, connection.number())) {
      refuse(ErrorReason.FORWARD_REFUSED.label(), "its OPEN is not the other side's own");
      return;
    }
    Optional<Onward> onward = onward(open);
    if (hasBeenHere(open) || open.ttl() <= 0) {
      v2.self().metrics().count(Metric.MESH_REFUSALS, Refusal.LOOP.word());
      refuse(Refusal.LOOP.word(), "it has passed this peer already, or too many");
    } else if (onward.isEmpty()) {
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
      meter = onward.get().metrics().forwardStarted();
      connectionLog = v2.self().connectionLog(StreamId.orNext(open.id()));
      connectionLog.arrived(data);
      connectionLog.brought(address(open.source()), open.name());
      onward.get().connect(client(open));
    }
  }

  /** Where it goes on to: a service of this peer, or another peer. */
  private interface Onward {
    NameMetrics metrics();

    void connect(Optional<ClientAddress> client);
  }

  private Optional<Onward> onward(Message.Open open) {
    V2Link link = session.link();
    if (open.owner().isEmpty()) {
      return link.said().hasTold(open.name())
          ? v2.self().localRoute(open.name()).map(this::here)
          : Optional.empty();
    }
    return link.said().hasPassed(open.name(), open.owner())
        ? v2.self().remoteRoute(open.name()).map(name -> there(name, open))
        : Optional.empty();
  }

  private Onward here(Upstream service) {
    return new Onward() {
      @Override
      public NameMetrics metrics() {
        return service.metrics();
      }

      @Override
      public void connect(Optional<ClientAddress> client) {
        service.connect(data.loop(), client, Served.this);
      }
    };
  }

  private Onward there(RemoteName name, Message.Open open) {
    Passage passage =
        new Passage(open.owner(), open.visited(), open.ttl() - 1, session.link().isReplica());
    return new Onward() {
      @Override
      public NameMetrics metrics() {
        return name.metrics();
      }

      @Override
      public void connect(Optional<ClientAddress> client) {
        name.connect(passage, data.loop(), client, Served.this);
      }
    };
  }

  /** A replica of this peer has the same id: it is the one before, and not this one. */
  private boolean hasBeenHere(Message.Open open) {
    List<String> before = open.visited();
    if (session.link().isReplica() && !before.isEmpty()) {
      before = before.subList(0, before.size() - 1);
    }
    return before.contains(v2.ownId());
  }

  /** The client as the first peer saw it, for PROXY headers; nothing is decided by it. */
  private Optional<ClientAddress> client(Message.Open open) {
    Optional<InetSocketAddress> source = address(open.source());
    Optional<InetSocketAddress> destination = address(open.destination());
    return source.isPresent() && destination.isPresent()
        ? Optional.of(
            new ClientAddress(source.get(), destination::get, this::said, connectionLog::id))
        : Optional.empty();
  }

  /** What has come behind OPEN so far. */
  private byte[] said() {
    byte[] more = reader.rest();
    int had = said.length;
    said = Arrays.copyOf(said, had + more.length);
    System.arraycopy(more, 0, said, had, more.length);
    return said;
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
    if (over) {
      // who asked for it has gone meanwhile
      upstream.stream().abort();
      upstream.released();
      failed(ErrorReason.CLIENT_GONE, "the connection that asked for it broke");
      connectionLog.written();
      gone();
      return;
    }
    backend = upstream;
    connectionLog.connected(upstream);
    byte[] opened = MessageCodec.encode(new Message.Opened());
    data.write(opened, 0, opened.length);
    byte[] early = upstream.early();
    if (early.length > 0) {
      stream.write(early, 0, early.length);
    }
    byte[] rest = said();
    int left = rest.length - upstream.replayed();
    if (left > 0) {
      upstream.stream().write(rest, upstream.replayed(), left);
    }
    connectionLog.progress(rest.length, early.length);
    ProxySettings limits = v2.self().config().proxy();
    v2.self()
        .relay()
        .join(
            stream,
            upstream.stream(),
            new TransferLimits(limits.idleTimeout(), limits.halfClosedTimeout(), false),
            this);
  }

  @Override
  public void failed(Upstream.Failure failure) {
    meter.failed(failure.reason());
    connectionLog.notConnected(failure);
    connectionLog.failed(failure.reason(), failure.message());
    connectionLog.written();
    tellFailed(failure.reason().label(), failure.message());
    gone();
    end();
  }

  @Override
  public void progress(long toUpstream, long toClient) {
    connectionLog.progress(toUpstream, toClient);
  }

  @Override
  public void paused(boolean clientSide, long nanos) {
    v2.self().metrics().readPaused(clientSide, nanos);
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
    session.over(data);
    gone();
  }

  private void failed(ErrorReason reason, String detail) {
    meter.failed(reason);
    connectionLog.failed(reason, detail);
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
