package io.opsproxy.dataplane.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.PeerUnderTest;
import io.opsproxy.dataplane.testing.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** A client that has nothing to do with the pressure, and wants its answers all the same. */
final class Bystander {
  private static final int REQUESTS = 8;
  private static final int SOON_MILLIS = 2000;
  private final PeerUnderTest peer;
  private final String name;

  Bystander(PeerUnderTest peer, String name) {
    this.peer = peer;
    this.name = name;
  }

  /** Eight requests, one after the other; one of them may be late while the first wave is shed. */
  void isServedDuringTheWave() {
    assertThat(answeredSoon()).as("answers within 2 s").isGreaterThanOrEqualTo(REQUESTS - 1);
  }

  void isServed() {
    assertThat(answeredSoon()).as("answers within 2 s").isEqualTo(REQUESTS);
  }

  private int answeredSoon() {
    int soon = 0;
    for (int i = 0; i < REQUESTS; i++) {
      long start = System.nanoTime();
      if (answered() && System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(SOON_MILLIS)) {
        soon++;
      }
    }
    return soon;
  }

  private boolean answered() {
    try (Socket socket = new Socket()) {
      InetSocketAddress address = peer.address();
      socket.connect(address, SOON_MILLIS);
      try (Wire wire = new Wire(socket)) {
        socket.setSoTimeout(SOON_MILLIS);
        return wire.get(name).status() == 200;
      }
    } catch (IOException | UncheckedIOException | AssertionError late) {
      return false;
    }
  }
}
