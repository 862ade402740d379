package io.opsproxy.dataplane.mesh.v2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.relay.Stream;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A data connection that waits to be used by this side. It is read, so that its end is noticed. */
final class Parked implements Receiver {
  /**
   * How long one waits, in seconds: less than a NAT on the way remembers it, and not all of them at
   * once.
   */
  private static final int YOUNGEST = 60;

  private static final int SPREAD = 60;

  private final Pool pool;
  private final DataConnection connection;
  private final Stream stream;
  private ScheduledFuture<?> age;
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
      int seconds = YOUNGEST + ThreadLocalRandom.current().nextInt(SPREAD);
      age = stream.loop().schedule(() -> pool.aged(this), seconds, TimeUnit.SECONDS);
    }
  }

  /** It was taken. On its loop. */
  void leave() {
    left = true;
    cancelAge();
    stream.pause();
  }

  /** It does not wait any more. */
  private void cancelAge() {
    if (age != null) {
      age.cancel(false);
    }
  }

  @Override
  public void received(ByteBuf bytes) {
    // nobody may speak before it was asked to
    if (!left && pool.lost(this)) {
      cancelAge();
      stream.closeNow();
    }
  }

  @Override
  public void ended() {
    received(Unpooled.EMPTY_BUFFER);
  }

  @Override
  public void broken(Throwable cause) {
    cancelAge();
    pool.lost(this);
  }
}
