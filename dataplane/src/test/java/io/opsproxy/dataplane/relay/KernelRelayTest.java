package io.opsproxy.dataplane.relay;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;

final class KernelRelayTest extends RelayConformanceTest {
  @Override
  Relay relay(int loops, Bounds bounds) {
    assumeTrue(Epoll.isAvailable(), "needs Linux and its library");
    return new KernelRelay(loops, "kernel", bounds);
  }
}
