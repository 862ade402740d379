package io.opsproxy.dataplane.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The status pages, read-only, with a thread and memory of their own: a scrape never waits for
 * traffic, nor traffic for a scrape. Every reader gets one answer at a time and has limits: see
 * {@link PageLimits}.
 */
public final class AdminServer implements AutoCloseable {
  private static final int BACKLOG = 128;
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
  private final InetSocketAddress address;

  /**
   * Binds and serves with the usual limits. Blocks until bound.
   *
   * @param pages by path
   * @param refused told of each reader who is not served, and why; on the thread of the pages
   * @throws IOException when the address cannot be bound, with what the system said
   */
  public AdminServer(
      InetSocketAddress bind, Map<String, PageSource> pages, Consumer<PageRefusal> refused)
      throws IOException {
    this(bind, pages, refused, PageLimits.usual());
  }

  AdminServer(
      InetSocketAddress bind,
      Map<String, PageSource> pages,
      Consumer<PageRefusal> refused,
      PageLimits limits)
      throws IOException {
    PageSources sources = new PageSources(pages);
    PageReaders readers = new PageReaders(limits, refused);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(group)
            .channelFactory(
                () -> new NioServerSocketChannel(SelectorProvider.provider(), family(bind)))
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOCATOR, PageMemory.ALLOCATOR)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, PageMemory.reads())
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    PageConnection connection = new PageConnection(channel, sources, readers);
                    channel
                        .pipeline()
                        .addLast(
                            connection.arrivals(),
                            new HttpServerCodec(),
                            connection.whole(),
                            connection);
                  }
                })
            .bind(bind)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    address = (InetSocketAddress) bound.channel().localAddress();
  }

  private static SocketProtocolFamily family(InetSocketAddress address) {
    return address.getAddress() instanceof Inet6Address
        ? SocketProtocolFamily.INET6
        : SocketProtocolFamily.INET;
  }

  /** The bound address, with the real port. */
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
