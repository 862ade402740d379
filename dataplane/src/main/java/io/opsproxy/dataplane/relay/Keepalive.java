package io.opsproxy.dataplane.relay;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.TcpKeepalive;
import jdk.net.ExtendedSocketOptions;

/** The socket options of TCP keepalive; a class of its own, so that it is loaded when needed. */
final class Keepalive {
  static final ChannelOption<Integer> PROBES =
      NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT);
  static final ChannelOption<Integer> IDLE =
      NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE);
  static final ChannelOption<Integer> INTERVAL =
      NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL);

  private Keepalive() {}

  /** Where the platform has no such option, the system's value stays. */
  static void set(ChannelConfig config, TcpKeepalive keepalive) {
    config.setOption(ChannelOption.SO_KEEPALIVE, true);
    config.setOption(PROBES, keepalive.probes());
    config.setOption(IDLE, keepalive.timeSeconds());
    config.setOption(INTERVAL, keepalive.intervalSeconds());
  }
}
