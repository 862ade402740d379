package io.opsproxy.dataplane.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;

/**
 * What the streams of one event loop share: the buffer that each of them reads into, one after the
 * other, so that none holds memory of its own while it is idle or flows. On that loop only.
 */
class RelayLoop {
  private static final int COPY = 16 * 1024;
  private final EventLoop loop;
  private final ByteBudget budget;
  private final ByteBudget.Share share;
  private final TransferClock clock;
  private ByteBuf read;
  private ByteBuf written;

  RelayLoop(EventLoop loop, ByteBudget budget) {
    this.loop = loop;
    this.budget = budget;
    share = budget.share(loop);
    clock = new TransferClock(loop, System::nanoTime);
  }

  final EventLoop loop() {
    return loop;
  }

  ByteBudget budget() {
    return budget;
  }

  ByteBudget.Share share() {
    return share;
  }

  TransferClock clock() {
    return clock;
  }

  /**
   * A buffer for one read, lent until the next: whoever wants to keep bytes copies them.
   *
   * @param most writable bytes, up to {@link ByteBudget#LARGEST_READ}
   */
  ByteBuf lend(int most) {
    if (read == null) {
      read = Unpooled.directBuffer(ByteBudget.LARGEST_READ, ByteBudget.LARGEST_READ);
    }
    int start = read.capacity() - most;
    return read.setIndex(start, start).retain();
  }

  /** The buffer of {@link #lend}, which must have been called before. */
  final ByteBuf readBuffer() {
    return read;
  }

  /**
   * The first of these bytes in direct memory, as the kernel wants them, lent until the next call.
   */
  ByteBuf direct(byte[] bytes, int from, int length) {
    if (written == null) {
      written = Unpooled.directBuffer(COPY, COPY);
    }
    return written.clear().writeBytes(bytes, from, Math.min(length, COPY));
  }

  /** After the loop has ended. */
  void release() {
    if (read != null) {
      read.release();
    }
    if (written != null) {
      written.release();
    }
  }
}
