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
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

/**
 * A stream over one Netty channel: the only handler in its pipeline. It only translates callbacks:
 * into calls of the receiver, or, once joined, of the transfer.
 *
 * <p>What is written goes to the kernel at once. Only what the kernel does not take is copied and
 * queued, and that alone is charged to the byte budget.
 */
final class ChannelStream extends ChannelInboundHandlerAdapter implements Stream, Side {
  /** How long a reader that does not read may keep a closed stream. */
  private static final long LINGER_SECONDS = 5;

  private final LeanSocketChannel channel;
  private final Runnable closed;
  private RelayLoop loop;
  private Receiver receiver;
  private TwoWayTransfer transfer;
  private Waiting waiting;

  /** What one read of the other side should bring at most: what the kernel took lately, doubled. */
  private int room = 4 * ByteBudget.SMALLEST_READ;

  private boolean inputEnded;
  private boolean outputEnded;
  private boolean closedByUs;
  private boolean gone;
  private Throwable failure;

  /**
   * @param closed runs once, when the socket is closed
   */
  ChannelStream(LeanSocketChannel channel, Runnable closed) {
    this.channel = channel;
    this.closed = closed;
  }

  /** Before it is registered with this loop, and on it. */
  void on(RelayLoop next) {
    loop = next;
    if (waiting != null) {
      waiting.enter(next.share());
    }
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

  @Override
  public void receive(Receiver next) {
    assertOnLoop();
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
    assertOnLoop();
    read(false);
  }

  /** While it moves from loop to loop it belongs to none. */
  private void assertOnLoop() {
    assert !channel.isRegistered() || channel.eventLoop().inEventLoop()
        : "a stream is touched on its own event loop only";
  }

  // writing

  @Override
  public void write(byte[] bytes, int from, int length) {
    assertOnLoop();
    for (int done = 0; done < length && channel.isActive(); ) {
      ByteBuf part = loop.direct(bytes, from + done, length - done);
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
      int taken;
      try {
        taken = channel.writeNow(bytes);
      } catch (IOException e) {
        broke(e);
        return;
      }
      if (taken < offered) {
        room = Math.max(ByteBudget.SMALLEST_READ, Math.min(room, taken));
      } else if (offered >= room) {
        room = Math.min(ByteBudget.LARGEST_READ, 2 * room);
      }
    }
    if (bytes.isReadable()) {
      queue(bytes);
    }
  }

  private void queue(ByteBuf bytes) {
    if (waiting == null) {
      waiting = new Waiting(loop.share());
    }
    int size = bytes.readableBytes();
    waiting.charge(size);
    if (channel.isActive()) {
      ByteBuf copy = channel.alloc().directBuffer(size, size).writeBytes(bytes);
      channel
          .writeAndFlush(copy)
          .addListener(
              written -> {
                waiting.release(size);
                if (written.isSuccess() && transfer != null) {
                  transfer.adjust();
                }
              });
    }
  }

  private void broke(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    channel.close();
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
      if (transfer != null) {
        transfer.drained();
      }
    }
  }

  // closing

  @Override
  public void close() {
    assertOnLoop();
    closedByUs = true;
    if (outputEnded || nothingQueued()) {
      channel.close();
    } else {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      channel.eventLoop().schedule(this::resetAndClose, LINGER_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  public void abort() {
    assertOnLoop();
    closedByUs = true;
    resetAndClose();
  }

  @Override
  public void sever() {
    channel.eventLoop().execute(this::resetAndClose);
  }

  private void resetAndClose() {
    if (channel.isActive()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
    }
    channel.close();
  }

  @Override
  public void closeNow() {
    assertOnLoop();
    if (nothingQueued()) {
      close();
    } else {
      abort();
    }
  }

  @Override
  public boolean isOpen() {
    return !gone && !closedByUs;
  }

  // what a transfer needs

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

  @Override
  public void joined(TwoWayTransfer next) {
    receiver = null;
    transfer = next;
  }

  @Override
  public void released() {
    read(false);
    transfer = null;
  }

  @Override
  public boolean isInputEnded() {
    return inputEnded;
  }

  @Override
  public boolean isGone() {
    return gone;
  }

  @Override
  public void read(boolean wanted) {
    if (channel.config().isAutoRead() != wanted) {
      channel.config().setAutoRead(wanted);
    }
  }

  // moving to another loop

  /** Nobody hears of it until it is joined. */
  void detach() {
    read(false);
    receiver = null;
  }

  /** On the old loop, right before it leaves. */
  void leaves() {
    if (waiting != null) {
      waiting.leave();
    }
  }

  /** It could not be moved to its new loop. */
  void lost(Throwable cause) {
    gone = true;
    broke(cause);
  }

  LeanSocketChannel channel() {
    return channel;
  }

  // callbacks of the channel

  /**
   * Where the next read goes, and how much it may bring: little until it is known where the bytes
   * go, and then what the other side seems to have room for.
   */
  ByteBuf lend() {
    int most = ByteBudget.SMALLEST_READ;
    if (transfer != null) {
      most = Math.min(((ChannelStream) transfer.other(this)).room, loop.budget().readLimit());
    }
    return loop.lend(most);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    try {
      if (transfer != null) {
        if (!transfer.isOver()) {
          transfer.passed(this, bytes.readableBytes());
          ((ChannelStream) transfer.other(this)).send(bytes);
          transfer.adjust();
        }
      } else if (receiver != null && !closedByUs) {
        receiver.received(bytes);
      }
    } finally {
      ReferenceCountUtil.release(bytes);
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
    Unexpected.logOnce(cause);
    broke(cause instanceof IOException ? cause : new IOException(cause));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!gone) {
      gone = true;
      closed.run();
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
      closed.run();
    }
  }

  /** What waits for this end to take it. */
  private final class Waiting extends Holding {
    Waiting(ByteBudget.Share share) {
      super(share);
    }

    @Override
    protected void shed() {
      if (transfer != null) {
        transfer.shed();
      } else {
        broke(new IOException("it does not read, and memory is short"));
      }
    }
  }
}
