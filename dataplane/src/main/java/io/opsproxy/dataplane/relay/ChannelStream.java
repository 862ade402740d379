package io.opsproxy.dataplane.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A stream over one Netty channel: the only handler in its pipeline. It only translates callbacks:
 * into calls of the receiver, or, once joined, of the transfer.
 */
final class ChannelStream extends ChannelInboundHandlerAdapter implements Stream {
  private final Channel channel;
  private final AtomicInteger open;
  private Receiver receiver;
  private ChannelTransfer transfer;
  private boolean inputEnded;
  private boolean outputEnded;
  private boolean closedByUs;
  private boolean gone;
  private Throwable failure;

  ChannelStream(Channel channel, AtomicInteger open) {
    this.channel = channel;
    this.open = open;
  }

  @Override
  public EventExecutor loop() {
    return channel.eventLoop();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return (InetSocketAddress) channel.remoteAddress();
  }

  @Override
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public void receive(Receiver next) {
    receiver = next;
    if (gone && !closedByUs) {
      closedByUs = true;
      next.broken(failure == null ? new ClosedChannelException() : failure);
    } else {
      read(true);
    }
  }

  @Override
  public void pause() {
    read(false);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    channel.writeAndFlush(copy(bytes, from, length), channel.voidPromise());
  }

  @Override
  public void write(byte[] bytes, int from, int length, Runnable sent) {
    channel
        .writeAndFlush(copy(bytes, from, length))
        .addListener(
            written -> {
              if (written.isSuccess()) {
                sent.run();
              }
            });
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  private ByteBuf copy(byte[] bytes, int from, int length) {
    return channel.alloc().directBuffer(length).writeBytes(bytes, from, length);
  }

  @Override
  public void finish() {
    if (!outputEnded) {
      outputEnded = true;
      // shutdownOutput fails what is still queued, so it has to wait for the queue to drain
      if (nothingQueued()) {
        ((DuplexChannel) channel).shutdownOutput();
      } else {
        channel
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(written -> queueDrained(written.isSuccess()));
      }
    }
  }

  private void queueDrained(boolean success) {
    if (success) {
      ((DuplexChannel) channel).shutdownOutput();
      if (transfer != null) {
        transfer.drained();
      }
    }
  }

  @Override
  public void close() {
    closedByUs = true;
    if (outputEnded || nothingQueued()) {
      channel.close();
    } else {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void abort() {
    closedByUs = true;
    if (channel.isActive()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    channel.close();
  }

  @Override
  public void sever() {
    channel
        .eventLoop()
        .execute(
            () -> {
              if (channel.isActive()) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
              }
              channel.close();
            });
  }

  @Override
  public boolean isOpen() {
    return !gone && !closedByUs;
  }

  /**
   * Closes without waiting for a reader that may never read again: what it did not take is lost,
   * and it sees RST.
   */
  void closeNow() {
    if (nothingQueued()) {
      close();
    } else {
      abort();
    }
  }

  boolean nothingQueued() {
    var queue = channel.unsafe().outboundBuffer();
    return queue == null || queue.isEmpty();
  }

  // what a transfer needs

  /** Nobody hears of it until it is joined. */
  void detach() {
    read(false);
    receiver = null;
  }

  /** It could not be moved to its new loop. */
  void lost(Throwable cause) {
    failure = cause;
    gone = true;
    channel.close();
  }

  /** Given back by its transfer. */
  void released() {
    read(false);
    transfer = null;
  }

  void joined(ChannelTransfer next) {
    receiver = null;
    transfer = next;
  }

  Channel channel() {
    return channel;
  }

  boolean isInputEnded() {
    return inputEnded;
  }

  /** Bytes that the kernel has not taken yet. */
  long queued() {
    var queue = channel.unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes();
  }

  boolean isGone() {
    return gone;
  }

  void read(boolean wanted) {
    if (channel.config().isAutoRead() != wanted) {
      channel.config().setAutoRead(wanted);
    }
  }

  // callbacks of the channel

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (transfer != null) {
      transfer.received(this, bytes);
    } else {
      try {
        if (receiver != null && !closedByUs) {
          receiver.received(bytes);
        }
      } finally {
        ReferenceCountUtil.release(bytes);
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (transfer != null) {
      transfer.readComplete(this);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (transfer != null) {
      transfer.writabilityChanged(this);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    // after a reset Netty reports the end of input as well; that is no FIN
    if (event instanceof ChannelInputShutdownEvent && !inputEnded && failure == null) {
      inputEnded = true;
      // a socket that has ended stays readable for ever
      read(false);
      if (transfer != null) {
        transfer.ended(this);
      } else if (receiver != null && !closedByUs) {
        receiver.ended();
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    failure = cause instanceof IOException ? cause : new IOException(cause);
    channel.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!gone) {
      gone = true;
      open.decrementAndGet();
      if (transfer != null) {
        transfer.gone(this);
      } else if (receiver != null && !closedByUs) {
        closedByUs = true;
        receiver.broken(failure == null ? new ClosedChannelException() : failure);
      }
    }
  }

  /** A channel that never became active, such as after a refused connect, is counted here. */
  @Override
  public void channelUnregistered(ChannelHandlerContext ctx) {
    if (!channel.isOpen() && !gone) {
      gone = true;
      open.decrementAndGet();
    }
  }
}
