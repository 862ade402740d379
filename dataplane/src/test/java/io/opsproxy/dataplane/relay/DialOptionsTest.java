package io.opsproxy.dataplane.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelOption;
import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.TcpKeepalive;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DialOptionsTest {

  private static ChannelStream dialled(ChannelRelay relay, ServerSocket target, DialOptions options)
      throws Exception {
    CompletableFuture<Stream> dialled = new CompletableFuture<>();
    EventExecutor loop = relay.loops().get(0);
    loop.execute(
        () ->
            relay.dial(
                loop,
                (InetSocketAddress) target.getLocalSocketAddress(),
                Duration.ofSeconds(10),
                options,
                new Relay.DialListener() {
                  @Override
                  public void connected(Stream stream) {
                    dialled.complete(stream);
                  }

                  @Override
                  public void failed(Throwable cause) {
                    dialled.completeExceptionally(cause);
                  }
                }));
    return (ChannelStream) dialled.get(20, TimeUnit.SECONDS);
  }

  /** As the kernel has them, not as they were asked for. */
  @Test
  void keepaliveIsSetOnTheSocket() throws Exception {
    try (ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ChannelRelay relay = new ChannelRelay(1)) {
      DialOptions options = new DialOptions(Optional.of(new TcpKeepalive(3, 300, 10)));
      var config = dialled(relay, target, options).channel().config();
      assertThat(config.getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
      assertThat(config.getOption(Keepalive.PROBES)).isEqualTo(3);
      assertThat(config.getOption(Keepalive.IDLE)).isEqualTo(300);
      assertThat(config.getOption(Keepalive.INTERVAL)).isEqualTo(10);
    }
  }

  @Test
  void withoutItTheSystemDecides() throws Exception {
    try (ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ChannelRelay relay = new ChannelRelay(1)) {
      var config = dialled(relay, target, DialOptions.NONE).channel().config();
      assertThat(config.getOption(ChannelOption.SO_KEEPALIVE)).isFalse();
    }
  }
}
