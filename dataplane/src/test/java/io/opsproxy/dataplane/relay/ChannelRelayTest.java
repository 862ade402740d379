package io.opsproxy.dataplane.relay;

/** The relay over Netty channels does what every relay must. */
final class ChannelRelayTest extends RelayConformanceTest {
  @Override
  Relay relay(int loops, Bounds bounds) {
    return new ChannelRelay(loops, "channel", bounds);
  }
}
