package io.opsproxy.dataplane.mesh.v2;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.cluster.ClientAddress;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.mesh.stream.DataSource;
import io.opsproxy.dataplane.mesh.stream.Passage;
import io.opsproxy.dataplane.mesh.v2.MessageCodec.BadFrameException;
import io.opsproxy.dataplane.relay.FramedStream;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How a stream to the peer of a v2 link is had: a parked connection is taken, and OPEN and what the
 * client has said so far go out in one write. The answer is the backend's, or why there is none; no
 * byte of the client is given up before it.
 */
final class V2Source implements DataSource {
  private static final int TLS_HANDSHAKE = 0x16;
  private final V2 v2;
  private final V2Link link;

  V2Source(V2 v2, V2Link link) {
    this.v2 = v2;
    this.link = link;
  }

  @Override
  public Request open(
      HostName name,
      Passage passage,
      NameMetrics metrics,
      EventExecutor loop,
      Optional<ClientAddress> client,
      Answer answer) {
    Opening opening = new Opening(name, passage, loop, client, answer);
    opening.start();
    metrics.count(Metric.FORWARD_COMMANDS);
    return opening;
  }

  /** One stream, until its owner has answered. On the loop that asked. */
  private final class Opening implements Request, Pool.Taker, Receiver {
    private final HostName name;
    private final Passage passage;
    private final EventExecutor loop;
    private final Optional<ClientAddress> client;
    private final Answer answer;
    private final MessageReader reader = new MessageReader();
    private Session session;
    private ScheduledFuture<?> timeout;
    private Stream stream;
    private DataConnection taken;
    private int sent;
    private boolean over;

    Opening(
        HostName name,
        Passage passage,
        EventExecutor loop,
        Optional<ClientAddress> client,
        Answer answer) {
      this.name = name;
      this.passage = passage;
      this.loop = loop;
      this.client = client;
      this.answer = answer;
    }

    void start() {
      Optional<Session> now = link.session();
      if (now.isEmpty()) {
        loop.execute(() -> fail(ErrorReason.REMOTE_NOT_CONNECTED, "its link is not up"));
        return;
      }
      session = now.get();
      Duration patience = v2.self().config().peer().connectionTimeout();
      timeout = loop.schedule(() -> late(patience), patience.toNanos(), TimeUnit.NANOSECONDS);
      take();
    }

    private void take() {
      byte[] said = said();
      boolean encrypted = said.length == 0 || said[0] != TLS_HANDSHAKE;
      session
          .pool(encrypted, link.isEncryptedAlways())
          .take(loop, v2.self().config().peer().connectionTimeout(), this);
    }

    private byte[] said() {
      return client.map(ClientAddress::said).orElseGet(() -> new byte[0]);
    }

    private void late(Duration patience) {
      link.link().standing().timedOut();
      fail(ErrorReason.DATA_TIMEOUT, "it did not answer within " + patience.toMillis() + " ms");
    }

    @Override
    public void none(String why) {
      fail(ErrorReason.REMOTE_NOT_CONNECTED, why);
    }

    @Override
    public void got(DataConnection connection) {
      if (over) {
        connection.stream().closeNow();
        return;
      }
      if (!connection.stream().isOpen() || connection.stream().isInputEnded()) {
        // it ended on its way here; the time limit is that of the first
        connection.stream().closeNow();
        take();
        return;
      }
      stream = connection.stream();
      taken = connection;
      byte[] said = said();
      Message.Open asking =
          new Message.Open(
              name,
              client.map(one -> BindAddress.text(one.source())).orElse(""),
              client.map(one -> BindAddress.text(one.destination())).orElse(""),
              passage.left(),
              visited(),
              "",
              passage.owner(),
              client.map(ClientAddress::id).orElse(""));
      byte[] open =
          MessageCodec.encode(
              connection.secure() ? asking : session.tokens().sealed(asking, connection.number()));
      byte[] first = connection.secure() ? FramedStream.framed(said) : said;
      byte[] all = Arrays.copyOf(open, open.length + first.length);
      System.arraycopy(first, 0, all, open.length, first.length);
      sent = said.length;
      stream.write(all, 0, all.length);
      session.runs(stream, passage.owner());
      stream.receive(this);
    }

    /** Replicas of one peer have one id, which is there already when one of them had the stream. */
    private List<String> visited() {
      List<String> visited = new ArrayList<>(passage.visited());
      if (!passage.fromReplica()) {
        visited.add(v2.ownId());
      }
      return visited;
    }

    @Override
    public void received(ByteBuf bytes) {
      if (over) {
        return;
      }
      reader.append(bytes);
      try {
        Message message = reader.next();
        if (message instanceof Message.Opened) {
          opened();
        } else if (message instanceof Message.OpenFailed failed) {
          fail(reason(failed.reason()), failed.message());
        } else if (message != null) {
          fail(ErrorReason.DATA_HEADER_ERROR, "it answered OPEN with something else");
        }
      } catch (BadFrameException e) {
        fail(ErrorReason.DATA_HEADER_ERROR, e.getMessage());
      }
    }

    private static ErrorReason reason(String label) {
      for (ErrorReason one : ErrorReason.values()) {
        if (one.label().equals(label)) {
          return one;
        }
      }
      return ErrorReason.BACKEND_DIAL_ERROR;
    }

    private void opened() {
      over = true;
      timeout.cancel(false);
      stream.pause();
      link.link().standing().answered();
      Session its = session;
      Stream data = stream;
      Runnable released = () -> its.over(data);
      if (taken.secure()) {
        DataConnection connection = taken;
        Stream one = new FramedStream(data, reader.rest(), rest -> its.returned(connection, rest));
        answer.connected(new Brought(one, new byte[0], sent, released));
      } else {
        answer.connected(new Brought(data, reader.rest(), sent, released));
      }
    }

    private void fail(ErrorReason reason, String why) {
      if (!over) {
        end();
        answer.failed(reason, "peer " + link.link().describe() + ": " + why);
      }
    }

    private void end() {
      over = true;
      if (timeout != null) {
        timeout.cancel(false);
      }
      if (stream != null) {
        session.over(stream);
        stream.abort();
      }
    }

    @Override
    public void cancel() {
      if (!over) {
        end();
      }
    }

    @Override
    public void ended() {
      fail(ErrorReason.DATA_IO_ERROR, "it closed the data connection without an answer");
    }

    @Override
    public void broken(Throwable cause) {
      fail(ErrorReason.DATA_IO_ERROR, "the data connection broke: " + cause.getMessage());
    }
  }
}
