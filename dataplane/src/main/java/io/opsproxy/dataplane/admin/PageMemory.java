package io.opsproxy.dataplane.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * The memory of the status pages: on the heap alone, so that they answer when traffic has taken all
 * direct memory, and so that they never take any of it from traffic. What the JDK copies through is
 * one buffer of {@link #SLICE} for the whole thread.
 */
final class PageMemory {
  /** Bytes of an answer that are handed to a socket at a time. */
  static final int SLICE = 16 * 1024;

  /** Bytes that are read at a time: what one reader can have waiting in requests. */
  static final int READ = 2 * 1024;

  /** Unpooled, because pages are asked for a few times a second at most. */
  static final ByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false);

  private PageMemory() {}

  /** Netty would read into direct memory, whatever the allocator prefers. */
  static RecvByteBufAllocator reads() {
    return new DefaultMaxMessagesRecvByteBufAllocator(1) {
      @Override
      public ExtendedHandle newHandle() {
        return new MaxMessageHandle() {
          @Override
          public ByteBuf allocate(ByteBufAllocator allocator) {
            return allocator.heapBuffer(READ, READ);
          }

          @Override
          public int guess() {
            return READ;
          }
        };
      }
    };
  }
}
