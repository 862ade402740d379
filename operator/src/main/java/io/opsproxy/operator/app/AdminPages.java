package io.opsproxy.operator.app;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.BindProblem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /healthz}, {@code /readyz} and {@code /metrics} of the operator. One request a connection,
 * which lives for ten seconds at most; whoever sends half a request and waits holds up nobody, and
 * beyond {@link #MAX_CONNECTIONS} the oldest goes.
 */
final class AdminPages implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AdminPages.class);

  private static final int LIFE_SECONDS = 10;
  private static final int MAX_CONNECTIONS = 128;
  private static final int MAX_REQUEST = 16 * 1024;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());

  /** Metrics of many objects take a moment; health does not wait for them. */
  private final ExecutorService pages =
      Executors.newSingleThreadExecutor(new DefaultThreadFactory("admin-pages", true));

  /** Oldest first; of the loop. */
  private final Set<Channel> open = new LinkedHashSet<>();

  private final Supplier<String> readiness;
  private final Supplier<String> metrics;
  private final Channel server;

  /**
   * @param readiness why it is not ready; empty when it is
   * @throws IOException when the address cannot be bound
   */
  AdminPages(InetSocketAddress address, Supplier<String> readiness, Supplier<String> metrics)
      throws IOException {
    this.readiness = readiness;
    this.metrics = metrics;
    try {
      server =
          new ServerBootstrap()
              .group(loop)
              .channel(NioServerSocketChannel.class)
              .option(ChannelOption.SO_REUSEADDR, true)
              .childHandler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                      accept(channel);
                    }
                  })
              .bind(address)
              .syncUninterruptibly()
              .channel();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    } catch (Exception e) {
      close();
      // Netty throws what the socket did, without declaring it.
      BindAddress wanted = new BindAddress(address.getHostString(), address.getPort());
      throw new IOException(BindProblem.of(wanted, "--admin-address", e).toString(), e);
    }
  }

  private void accept(SocketChannel channel) {
    if (open.size() >= MAX_CONNECTIONS) {
      Channel oldest = open.iterator().next();
      open.remove(oldest);
      oldest.close();
    }
    open.add(channel);
    channel.closeFuture().addListener(closed -> open.remove(channel));
    channel.eventLoop().schedule(() -> channel.close(), LIFE_SECONDS, TimeUnit.SECONDS);
    channel
        .pipeline()
        .addLast(new HttpServerCodec(), new HttpObjectAggregator(MAX_REQUEST), new Handler());
  }

  int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  private final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      String path = new QueryStringDecoder(request.uri()).path();
      switch (path) {
        case "/healthz" -> answer(context, 200, "ok\n");
        case "/readyz" -> {
          String problem = readiness.get();
          answer(
              context,
              problem.isEmpty() ? 200 : 503,
              problem.isEmpty() ? "ready\n" : problem + "\n");
        }
        case "/metrics" -> pages.execute(() -> answer(context, 200, metrics.get()));
        default -> answer(context, 404, "pages: /healthz /readyz /metrics\n");
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      log.debug("status pages: {}", cause.toString());
      context.close();
    }
  }

  private static void answer(ChannelHandlerContext context, int status, String text) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(status),
            Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
        .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
        .set(HttpHeaderNames.CONNECTION, "close");
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    pages.shutdownNow();
  }
}
