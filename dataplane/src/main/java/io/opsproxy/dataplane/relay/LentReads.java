package io.opsproxy.dataplane.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Has a channel read into the buffer of its loop, once a wake-up: what comes meanwhile gathers in
 * the kernel and comes in one piece, and no channel keeps the others waiting.
 */
final class LentReads implements RecvByteBufAllocator {
  private final ChannelStream stream;

  LentReads(ChannelStream stream) {
    this.stream = stream;
  }

  @SuppressWarnings("deprecation") // the only type that a channel asks for
  @Override
  public Handle newHandle() {
    return new OneRead();
  }

  private final class OneRead implements ExtendedHandle {
    private int attempted;
    private int last;

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return stream.lend();
    }

    @Override
    public int guess() {
      return ByteBudget.SMALLEST_READ;
    }

    @Override
    public void reset(ChannelConfig config) {
      attempted = 0;
      last = 0;
    }

    @Override
    public void incMessagesRead(int count) {}

    @Override
    public void lastBytesRead(int bytes) {
      last = bytes;
    }

    @Override
    public int lastBytesRead() {
      return last;
    }

    @Override
    public void attemptedBytesRead(int bytes) {
      attempted = bytes;
    }

    @Override
    public int attemptedBytesRead() {
      return attempted;
    }

    @Override
    public boolean continueReading() {
      return false;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return false;
    }

    @Override
    public void readComplete() {}
  }
}
