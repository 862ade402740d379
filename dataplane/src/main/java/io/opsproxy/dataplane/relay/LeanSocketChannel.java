package io.opsproxy.dataplane.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;

/**
 * A socket channel without the system calls that a relay has no use for: no shutdown of the
 * receiving side after its FIN was read, and no look at SO_LINGER before a close, which here is set
 * only to be used at once. They were four of forty system calls of a short connection.
 */
final class LeanSocketChannel extends NioSocketChannel {
  private boolean ended;

  /** For a target of this family: an IPv6 socket would do for both, and cost more for each. */
  LeanSocketChannel(SocketProtocolFamily family) {
    super(SelectorProvider.provider(), family);
  }

  private LeanSocketChannel(Channel parent, SocketChannel socket) {
    super(parent, socket);
  }

  @Override
  public boolean isInputShutdown() {
    return ended || super.isInputShutdown();
  }

  /** Called once the end of the input was read. */
  @Override
  public ChannelFuture shutdownInput() {
    ended = true;
    return newSucceededFuture();
  }

  /**
   * Writes past the queue, which must be empty.
   *
   * @param bytes in direct memory; its reader index moves by what the kernel took
   * @return bytes taken, 0 when there is no room
   */
  int writeNow(ByteBuf bytes) throws IOException {
    return bytes.readBytes(javaChannel(), bytes.readableBytes());
  }

  /** Closes it with RST; it was never registered. */
  void refuse() {
    config().setOption(ChannelOption.SO_LINGER, 0);
    unsafe().closeForcibly();
  }

  @Override
  protected AbstractNioUnsafe newUnsafe() {
    return new NioByteUnsafe() {};
  }

  /** Accepts channels of this kind. */
  static final class Server extends NioServerSocketChannel {
    /** An IPv6 socket on all addresses takes IPv4 clients as well. */
    Server(SocketProtocolFamily family) {
      super(SelectorProvider.provider(), family);
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws IOException {
      SocketChannel socket = javaChannel().accept();
      if (socket == null) {
        return 0;
      }
      accepted.add(new LeanSocketChannel(this, socket));
      return 1;
    }
  }
}
