package io.opsproxy.dataplane.dial;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.relay.ChannelRelay;
import io.opsproxy.dataplane.relay.DialOptions;
import io.opsproxy.dataplane.relay.FullBacklog;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Stream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Names with several addresses, some of which do not answer, on real sockets. */
@Timeout(60)
class DiallingTest {
  private final Relay relay = new ChannelRelay(1);
  private final EventExecutor loop = relay.loops().get(0);
  private final List<ServerSocket> servers = new ArrayList<>();
  private final CountDownLatch hang = new CountDownLatch(1);
  private InetAddress[] addresses = {};
  private boolean lookUpHangs;
  private final Resolver resolver =
      new Resolver(
          host -> {
            if (lookUpHangs) {
              try {
                hang.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }
            return addresses;
          },
          System::nanoTime);

  @AfterEach
  void close() throws IOException {
    hang.countDown();
    relay.close();
    for (ServerSocket server : servers) {
      server.close();
    }
  }

  private Dialler dialler(Duration timeout) {
    return new Dialler(relay, resolver, Resolver.Names.CONFIGURED, timeout, DialOptions.NONE);
  }

  private record Ending(String address, Dialling.Problem problem) {}

  private Ending dial(Dialler dialler, String host, int port) throws Exception {
    CompletableFuture<Ending> ending = new CompletableFuture<>();
    loop.execute(
        () ->
            dialler
                .to(
                    Destination.of(new HostPort(host, port)),
                    loop,
                    new Dialling.Listener() {
                      @Override
                      public void connected(Stream stream) {
                        ending.complete(
                            new Ending(stream.remoteAddress().getAddress().getHostAddress(), null));
                        stream.close();
                      }

                      @Override
                      public void failed(Dialling.Problem problem) {
                        ending.complete(new Ending(null, problem));
                      }
                    })
                .start());
    return ending.get(20, TimeUnit.SECONDS);
  }

  private void resolvesTo(String... hosts) throws IOException {
    addresses = new InetAddress[hosts.length];
    for (int i = 0; i < hosts.length; i++) {
      addresses[i] = InetAddress.getByName(hosts[i]);
    }
  }

  private int listen(String host, int port) throws IOException {
    ServerSocket server = new ServerSocket(port, 100, InetAddress.getByName(host));
    servers.add(server);
    return server.getLocalPort();
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  @Test
  void anAddressThatDropsPacketsCostsAQuarterOfASecondOnce() throws Exception {
    try (FullBacklog silent = new FullBacklog()) {
      int port = listen("127.0.0.2", silent.address().getPort());
      resolvesTo("127.0.0.1", "127.0.0.2");
      Dialler dialler = dialler(Duration.ofSeconds(15));
      long start = System.nanoTime();
      for (int i = 0; i < 10; i++) {
        assertThat(dial(dialler, "two.test", port).address()).isEqualTo("127.0.0.2");
      }
      assertThat(millisSince(start)).as("of 10 connects").isLessThan(10_000);
    }
  }

  @Test
  void aRefusedAddressGivesWayAtOnce() throws Exception {
    int port = listen("127.0.0.3", 0);
    resolvesTo("127.0.0.1", "127.0.0.2", "127.0.0.3");
    Dialler dialler = dialler(Duration.ofSeconds(15));
    for (int i = 0; i < 6; i++) {
      assertThat(dial(dialler, "three.test", port).address()).isEqualTo("127.0.0.3");
    }
  }

  @Test
  void connectionsAreSpreadOverAllAddresses() throws Exception {
    int port = listen("127.0.0.1", 0);
    listen("127.0.0.2", port);
    listen("127.0.0.3", port);
    resolvesTo("127.0.0.1", "127.0.0.2", "127.0.0.3");
    Dialler dialler = dialler(Duration.ofSeconds(15));
    Map<String, Integer> counts = new TreeMap<>();
    for (int i = 0; i < 30; i++) {
      counts.merge(dial(dialler, "three.test", port).address(), 1, Integer::sum);
    }
    assertThat(counts).isEqualTo(Map.of("127.0.0.1", 10, "127.0.0.2", 10, "127.0.0.3", 10));
  }

  @Test
  void theTimeIsThatOfTheWholeConnectLookUpIncluded() throws Exception {
    lookUpHangs = true;
    long start = System.nanoTime();
    Ending ending = dial(dialler(Duration.ofMillis(400)), "hangs.test", 1);
    assertThat(ending.problem().why()).isEqualTo("no answer to its look-up within 400 ms");
    assertThat(ending.problem().timedOut()).isTrue();
    assertThat(millisSince(start)).isLessThan(5000);
  }

  @Test
  void severalSilentAddressesDoNotMultiplyTheTime() throws Exception {
    try (FullBacklog silent = new FullBacklog()) {
      resolvesTo("127.0.0.1", "127.0.0.1", "127.0.0.1");
      long start = System.nanoTime();
      Ending ending =
          dial(dialler(Duration.ofMillis(900)), "silent.test", silent.address().getPort());
      assertThat(ending.problem().why()).isEqualTo("no answer in time");
      assertThat(ending.problem().timedOut()).isTrue();
      assertThat(millisSince(start)).isLessThan(2500);
    }
  }

  @Test
  void nothingIsLeftOfALostRace() throws Exception {
    try (FullBacklog silent = new FullBacklog()) {
      int port = listen("127.0.0.2", silent.address().getPort());
      resolvesTo("127.0.0.1", "127.0.0.2");
      assertThat(dial(dialler(Duration.ofSeconds(15)), "two.test", port).problem()).isNull();
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (relay.openStreams() > 0 && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      assertThat(relay.openStreams()).isZero();
      assertThat(relay.bounds().descriptors().open()).isZero();
    }
  }

  @Test
  void anAddressOfThisPeerItselfIsNotDialled() throws Exception {
    try (ChannelRelay other = new ChannelRelay(1)) {
      Relay.Binding binding =
          relay.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Stream::abort);
      int port = binding.address().getPort();
      resolvesTo("127.0.0.1");
      Dialler dialler = dialler(Duration.ofSeconds(5));
      for (String host : List.of("127.0.0.1", "self.test")) {
        assertThat(dial(dialler, host, port).problem().why())
            .isEqualTo("it leads back to this peer itself, which listens there: a loop");
      }
      assertThat(other.bounds().listening().include(binding.address())).isFalse();
      binding.close();
      assertThat(dial(dialler, "127.0.0.1", port).problem().why()).isEqualTo("connection refused");
    }
  }

  @Test
  void aListenerOfAllAddressesIsThisPeerAtEachOfThem() throws Exception {
    Relay.Binding binding = relay.listen(new InetSocketAddress("0.0.0.0", 0), Stream::abort);
    int port = binding.address().getPort();
    assertThat(dial(dialler(Duration.ofSeconds(5)), "127.0.0.9", port).problem().why())
        .contains("a loop");
    binding.close();
  }
}
