package io.opsproxy.dataplane.sniff;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** How a second, independent implementation reads the same bytes. */
final class NettyReader {
  static {
    // Netty prints every hello that it cannot read; a search sees millions of them.
    ((Logger) LoggerFactory.getLogger("io.netty")).setLevel(Level.WARN);
  }

  private NettyReader() {}

  /**
   * The server name of a ClientHello.
   *
   * @return an empty list when Netty finds no whole ClientHello, else one element, which is empty
   *     when there is no name
   */
  static List<Optional<String>> serverName(byte[] bytes) {
    List<Optional<String>> found = new ArrayList<>();
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new AbstractSniHandler<Void>(Sniffer.MAX_BYTES, 0) {
              @Override
              protected Future<Void> lookup(ChannelHandlerContext ctx, String hostname) {
                found.add(Optional.ofNullable(hostname));
                return ctx.executor().newSucceededFuture(null);
              }

              @Override
              protected void onLookupComplete(
                  ChannelHandlerContext ctx, String hostname, Future<Void> future) {
                ctx.pipeline().remove(this);
              }
            });
    try {
      channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    } catch (DecoderException e) {
      found.clear();
    } finally {
      finish(channel);
    }
    return found;
  }

  /**
   * The values of the Host headers of a request head.
   *
   * @return empty when Netty refuses the head
   */
  static Optional<List<String>> hosts(byte[] head) {
    HttpDecoderConfig config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(Sniffer.MAX_BYTES)
            .setMaxHeaderSize(Sniffer.MAX_BYTES);
    EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder(config));
    try {
      channel.writeInbound(Unpooled.wrappedBuffer(head));
      HttpRequest request = channel.readInbound();
      return request != null && request.decoderResult().isSuccess()
          ? Optional.of(request.headers().getAll("host"))
          : Optional.empty();
    } finally {
      finish(channel);
    }
  }

  private static void finish(EmbeddedChannel channel) {
    try {
      channel.finishAndReleaseAll();
    } catch (DecoderException e) {
      // A refusal; the caller has seen that nothing was found.
    }
  }
}
