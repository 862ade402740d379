package io.opsproxy.dataplane.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.relay.Stream;
import java.util.concurrent.TimeUnit;

/**
 * The client was told why, and is given a moment to read it. What it still sends is read and
 * dropped, up to a bound: closing a socket with unread bytes sends RST, which can destroy the
 * answer on its way. Leaves to closed.
 */
final class Parting implements Session.State, Receiver {
  private static final long PATIENCE_MILLIS = 1000;
  private static final int MOST_DROPPED = 1024 * 1024;
  private final Session session;
  private ScheduledFuture<?> patience;
  private int dropped;
  private boolean over;

  Parting(Session session) {
    this.session = session;
  }

  void start(byte[] lastWords) {
    Stream client = session.client();
    if (lastWords.length == 0) {
      stop();
      return;
    }
    client.write(lastWords, 0, lastWords.length);
    client.finish();
    patience = client.loop().schedule(this::stop, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    client.receive(this);
  }

  @Override
  public void received(ByteBuf bytes) {
    dropped += bytes.readableBytes();
    if (dropped > MOST_DROPPED) {
      stop();
    }
  }

  @Override
  public void ended() {
    stop();
  }

  @Override
  public void broken(Throwable cause) {
    stop();
  }

  @Override
  public void overBudget() {}

  @Override
  public void stop() {
    if (!over) {
      over = true;
      if (patience != null) {
        patience.cancel(false);
      }
      session.client().close();
      session.closed();
    }
  }
}
