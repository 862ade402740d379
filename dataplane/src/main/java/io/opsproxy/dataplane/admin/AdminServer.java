package io.opsproxy.dataplane.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status pages, read-only, on a thread of their own: a scrape never waits for traffic, nor
 * traffic for a scrape. Requests are bounded in size, time and number.
 */
public final class AdminServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AdminServer.class);
  private static final int MAX_REQUEST = 8 * 1024;
  private static final int MAX_CONNECTIONS = 256;
  private static final int IDLE_SECONDS = 30;
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
  private final Map<String, PageSource> pages;
  private final AtomicInteger connections = new AtomicInteger();
  private final InetSocketAddress address;

  /**
   * Binds and serves. Blocks until bound.
   *
   * @param pages by path
   * @param setting what the address is set with, for the error message
   * @throws IOException when the address cannot be bound; the message names it
   */
  public AdminServer(InetSocketAddress bind, Map<String, PageSource> pages, String setting)
      throws IOException {
    this.pages = Map.copyOf(pages);
    NioServerSocketChannel server = new NioServerSocketChannel();
    server.config().setReuseAddress(true);
    server.pipeline().addLast(new AcceptHandler());
    var bound =
        group.register(server).syncUninterruptibly().channel().bind(bind).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
      throw new IOException(
          "cannot listen on "
              + bind.getHostString()
              + ":"
              + bind.getPort()
              + ": "
              + bound.cause().getMessage()
              + "; free it, or choose another address with "
              + setting,
          bound.cause());
    }
    address = server.localAddress();
  }

  /** The bound address, with the real port. */
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private final class AcceptHandler extends SimpleChannelInboundHandler<SocketChannel> {
    AcceptHandler() {
      super(false);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, SocketChannel channel) {
      channel.pipeline().addLast(new Pipeline());
      group.register(channel);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.channel().config().setAutoRead(false);
      ctx.executor()
          .schedule(() -> ctx.channel().config().setAutoRead(true), 100, TimeUnit.MILLISECONDS);
    }
  }

  private final class Pipeline extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel channel) {
      if (connections.incrementAndGet() > MAX_CONNECTIONS) {
        channel.close();
      }
      channel.closeFuture().addListener(closed -> connections.decrementAndGet());
      channel
          .pipeline()
          .addLast(
              new ReadTimeoutHandler(IDLE_SECONDS),
              new HttpServerCodec(),
              new HttpObjectAggregator(MAX_REQUEST, true),
              new Handler());
    }
  }

  private final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
      Page page = answer(request);
      boolean head = request.method().equals(HttpMethod.HEAD);
      byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
      DefaultFullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.valueOf(page.status()),
              head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, page.contentType());
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
      response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
      boolean keep = HttpUtil.isKeepAlive(request);
      if (!keep) {
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      }
      var written = ctx.writeAndFlush(response);
      if (!keep) {
        written.addListener(ChannelFutureListener.CLOSE);
      }
    }

    private Page answer(FullHttpRequest request) {
      if (request.decoderResult().isFailure()) {
        return Page.text(400, "bad request");
      }
      QueryStringDecoder uri = new QueryStringDecoder(request.uri());
      PageSource page = pages.get(uri.path());
      if (page == null) {
        return Page.text(
            404,
            "no such page; there are "
                + String.join(" ", pages.keySet().stream().sorted().toList()));
      }
      if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
        return Page.text(405, "only GET and HEAD");
      }
      try {
        return page.get(uri.parameters());
      } catch (RuntimeException e) {
        log.error("status page {} failed", request.uri(), e);
        return Page.text(500, "this page failed; the log says why");
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}
