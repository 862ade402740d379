package io.opsproxy.dataplane.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.Buffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A loop of the kernel relay: with the streams that have more to read than one turn may bring. On
 * that loop only.
 */
final class KernelLoop extends RelayLoop {
  private final IoEventLoop loop;
  private final PooledByteBufAllocator allocator;
  private final Pipes pipes;
  private final Deque<KernelStream> again = new ArrayDeque<>();
  private final Runnable turn = this::turn;
  private long readAddress;
  private long writeAddress;

  KernelLoop(IoEventLoop loop, Bounds bounds, PooledByteBufAllocator allocator) {
    super(loop, bounds.bytes());
    this.loop = loop;
    this.allocator = allocator;
    pipes = new Pipes(bounds.descriptors());
  }

  IoEventLoop ioLoop() {
    return loop;
  }

  Pipes pipes() {
    return pipes;
  }

  /** Where reads go: {@link ByteBudget#LARGEST_READ} bytes. */
  long readAddress() {
    if (readAddress == 0) {
      ByteBuf buffer = lend(ByteBudget.LARGEST_READ);
      readAddress = address(buffer);
      buffer.release();
    }
    return readAddress;
  }

  /** The first bytes of what was read there, lent. */
  ByteBuf read(int from, int end) {
    return readBuffer().setIndex(from, end);
  }

  /** Where {@link #direct} has put its bytes. */
  long writeAddress(ByteBuf direct) {
    if (writeAddress == 0) {
      writeAddress = address(direct);
    }
    return writeAddress;
  }

  private static long address(ByteBuf buffer) {
    return Buffer.memoryAddress(buffer.internalNioBuffer(0, buffer.capacity()));
  }

  ByteBuf allocate(int bytes) {
    return allocator.directBuffer(bytes, bytes);
  }

  /** The stream is readable still, and others come first. */
  void again(KernelStream stream) {
    again.addLast(stream);
    if (again.size() == 1) {
      loop.execute(turn);
    }
  }

  private void turn() {
    int count = again.size();
    for (int i = 0; i < count; i++) {
      again.pollFirst().continued();
    }
    if (!again.isEmpty()) {
      loop.execute(turn);
    }
  }

  @Override
  void release() {
    super.release();
    pipes.closeAll();
  }
}
