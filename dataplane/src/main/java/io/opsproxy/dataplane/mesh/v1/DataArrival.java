package io.opsproxy.dataplane.mesh.v1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.mesh.stream.Pending;
import io.opsproxy.dataplane.mesh.stream.ThisPeer;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.relay.Stream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * A DATA connection whose first line is being read. Bytes that come with the line belong to the
 * client.
 */
final class DataArrival implements Receiver {
  private static final int MAX_LINE = 256;
  private final ThisPeer self;
  private final Pending pending;
  private final Stream stream;
  private byte[] bytes = new byte[0];
  private ScheduledFuture<?> deadline;
  private boolean over;

  DataArrival(ThisPeer self, Pending pending, Stream stream) {
    this.self = self;
    this.pending = pending;
    this.stream = stream;
  }

  void start(byte[] first) {
    deadline =
        stream
            .loop()
            .schedule(
                this::reject,
                self.config().peer().connectionTimeout().toNanos(),
                TimeUnit.NANOSECONDS);
    received(Unpooled.wrappedBuffer(first));
    if (!over) {
      stream.receive(this);
    }
  }

  @Override
  public void received(ByteBuf more) {
    if (over) {
      return;
    }
    int before = bytes.length;
    bytes = Arrays.copyOf(bytes, before + more.readableBytes());
    more.readBytes(bytes, before, bytes.length - before);
    int end = before;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    if (end < bytes.length) {
      arrived(end);
    } else if (bytes.length > MAX_LINE) {
      reject();
    }
  }

  private void arrived(int end) {
    int length = end > 0 && bytes[end - 1] == '\r' ? end - 1 : end;
    PeerLine line = PeerLineCodec.parse(new String(bytes, 0, length, StandardCharsets.UTF_8));
    Pending.Awaited awaited =
        line instanceof PeerLine.Data data
            ? pending.match(data.id(), stream.remoteAddress().getAddress())
            : null;
    if (awaited == null) {
      reject();
      return;
    }
    over = true;
    deadline.cancel(false);
    byte[] early = Arrays.copyOfRange(bytes, end + 1, bytes.length);
    self.relay().move(stream, awaited.loop(), () -> awaited.deliver(stream, early));
  }

  private void reject() {
    if (!over) {
      over = true;
      deadline.cancel(false);
      self.metrics().dataUnexpected();
      stream.close();
    }
  }

  @Override
  public void ended() {
    reject();
  }

  @Override
  public void broken(Throwable cause) {
    reject();
  }
}
