package io.opsproxy.dataplane.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A stream over one Netty channel.
 *
 * <p>What is written goes to the kernel at once. Only what the kernel does not take is copied and
 * queued, and that alone is charged to the byte budget.
 */
final class ChannelStream extends RelayStream {
  private final LeanSocketChannel channel;
  private final Runnable closed;
  private boolean outputEnded;

  /**
   * @param closed runs once, when the socket is closed
   */
  ChannelStream(LeanSocketChannel channel, Runnable closed) {
    this.channel = channel;
    this.closed = closed;
    channel.pipeline().addLast(new Callbacks());
  }

  LeanSocketChannel channel() {
    return channel;
  }

  @Override
  public EventExecutor loop() {
    return channel.eventLoop();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return channel.remoteAddress();
  }

  @Override
  public InetSocketAddress localAddress() {
    return channel.localAddress();
  }

  // writing

  @Override
  public void write(byte[] bytes, int from, int length) {
    assertOnLoop();
    for (int done = 0; done < length && channel.isActive(); ) {
      ByteBuf part = relayLoop().direct(bytes, from + done, length - done);
      done += part.readableBytes();
      send(part);
    }
  }

  @Override
  public void write(byte[] bytes, int from, int length, Runnable sent) {
    write(bytes, from, length);
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
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

  /** Gives the kernel what it takes at once, and queues a copy of the rest. */
  private void send(ByteBuf bytes) {
    if (nothingQueued()) {
      int offered = bytes.readableBytes();
      try {
        took(offered, channel.writeNow(bytes));
      } catch (IOException e) {
        broke(e);
        return;
      }
    }
    if (bytes.isReadable()) {
      queue(bytes);
    }
  }

  private void queue(ByteBuf bytes) {
    int size = bytes.readableBytes();
    hold(size);
    if (channel.isActive()) {
      ByteBuf copy = channel.alloc().directBuffer(size, size).writeBytes(bytes);
      channel
          .writeAndFlush(copy)
          .addListener(
              written -> {
                unhold(size);
                if (written.isSuccess()) {
                  drained();
                }
              });
    }
  }

  @Override
  public void finish() {
    assertOnLoop();
    if (!outputEnded) {
      outputEnded = true;
      // shutdownOutput fails what is still queued, so it has to wait for the queue to drain
      if (nothingQueued()) {
        channel.shutdownOutput();
      } else {
        channel
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(written -> queueDrained(written.isSuccess()));
      }
    }
  }

  private void queueDrained(boolean success) {
    if (success) {
      channel.shutdownOutput();
      drained();
    }
  }

  @Override
  public boolean nothingQueued() {
    var queue = channel.unsafe().outboundBuffer();
    return queue == null || queue.isEmpty();
  }

  @Override
  public long queued() {
    var queue = channel.unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes();
  }

  // reading

  @Override
  public void read(boolean wanted) {
    if (channel.config().isAutoRead() != wanted) {
      channel.config().setAutoRead(wanted);
    }
  }

  /** Where the next read goes. */
  ByteBuf lend() {
    return relayLoop().lend(nextRead());
  }

  // closing

  @Override
  public void close() {
    assertOnLoop();
    byUs();
    if (outputEnded || nothingQueued()) {
      channel.close();
    } else {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      channel.eventLoop().schedule(this::resetSocket, LINGER_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  public void sever() {
    channel.eventLoop().execute(this::resetSocket);
  }

  @Override
  void closeSocket() {
    channel.close();
  }

  @Override
  void resetSocket() {
    if (channel.isActive()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    channel.close();
  }

  /** It could not be moved to its new loop. */
  void lost(Throwable cause) {
    closed();
    broke(cause);
  }

  /** The only handler of the pipeline; it only translates. */
  private final class Callbacks extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      try {
        RelayStream to = other();
        if (to != null) {
          passed(bytes.readableBytes());
          ((ChannelStream) to).send(bytes);
          forwarded();
        } else {
          received(bytes);
        }
      } finally {
        ReferenceCountUtil.release(bytes);
      }
    }

    /** After a reset Netty reports the end of input as well; {@link #inputEnded} knows. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        inputEnded();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      Unexpected.logOnce(cause);
      broke(cause instanceof IOException ? cause : new IOException(cause));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (closed()) {
        closed.run();
        tellClosed();
      }
    }

    /** A channel that never became active, such as after a refused connect, is counted here. */
    @Override
    public void channelUnregistered(ChannelHandlerContext ctx) {
      if (!channel.isOpen() && closed()) {
        closed.run();
      }
    }
  }
}
