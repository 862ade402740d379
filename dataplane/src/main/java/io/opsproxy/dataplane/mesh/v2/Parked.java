package io.opsproxy.dataplane.mesh.v2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.relay.Stream;

/** A data connection that waits to be used by this side. It is read, so that its end is noticed. */
final class Parked implements Receiver {
  private final Pool pool;
  private final DataConnection connection;
  private final Stream stream;
  private boolean left;

  Parked(Pool pool, DataConnection connection) {
    this.pool = pool;
    this.connection = connection;
    this.stream = connection.stream();
  }

  DataConnection connection() {
    return connection;
  }

  Stream stream() {
    return stream;
  }

  /** On its loop. */
  void park() {
    if (!left) {
      stream.receive(this);
    }
  }

  /** It was taken. On its loop. */
  void leave() {
    left = true;
    stream.pause();
  }

  @Override
  public void received(ByteBuf bytes) {
    // nobody may speak before it was asked to
    if (!left && pool.lost(this)) {
      stream.closeNow();
    }
  }

  @Override
  public void ended() {
    received(Unpooled.EMPTY_BUFFER);
  }

  @Override
  public void broken(Throwable cause) {
    pool.lost(this);
  }
}
