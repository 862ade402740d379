package io.opsproxy.dataplane.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A port of the ephemeral range on which nobody listens: in one of some thousand dials Linux
 * chooses it as the source port too, and the socket is connected to itself.
 */
final class SelfConnectTest {
  private static final int DIALS = 60_000;

  /** Connects take their ports from the even half of the range first. */
  private static InetSocketAddress deadPort() {
    for (int port = 40_000; port < 60_000; port += 2) {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      if (isFree(address)) {
        return address;
      }
    }
    throw new AssertionError("no port is free");
  }

  private static boolean isFree(InetSocketAddress address) {
    try (Socket probe = new Socket()) {
      probe.bind(address);
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  /** Why the dial failed; null when it did not. */
  private static String dial(ChannelRelay relay, InetSocketAddress target) throws Exception {
    CompletableFuture<String> answer = new CompletableFuture<>();
    EventExecutor loop = relay.loops().get(0);
    Relay.DialListener listener =
        new Relay.DialListener() {
          @Override
          public void connected(Stream stream) {
            stream.close();
            answer.complete(null);
          }

          @Override
          public void failed(Throwable cause) {
            answer.complete(cause.getMessage());
          }
        };
    loop.execute(
        () -> relay.dial(loop, target, Duration.ofSeconds(10), DialOptions.NONE, listener));
    return answer.get(20, TimeUnit.SECONDS);
  }

  @Test
  void isARefusal() throws Exception {
    InetSocketAddress target = deadPort();
    try (ChannelRelay relay = new ChannelRelay(1)) {
      for (int i = 0; i < DIALS; i++) {
        String failure = dial(relay, target);
        assertThat(failure).as("dial %s", i).startsWith("Connection refused");
        if (failure.equals(ChannelRelay.SELF)) {
          await("its port is free, not in TIME_WAIT for a minute")
              .atMost(Duration.ofSeconds(20))
              .until(() -> isFree(target));
          return;
        }
      }
      abort("this system never connected a socket to itself");
    }
  }
}
