package io.opsproxy.dataplane.pressure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.relay.FullBacklog;
import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.PeerProcess;
import io.opsproxy.dataplane.testing.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Clients and backends that make a peer hold as many bytes as it will: the others are served all
 * the same, memory is bounded and comes back, and every loss is counted with its cause.
 */
@Tag("pressure")
class MemoryPressureTest extends Scenario {
  private static final int MOST_RESIDENT = 330;

  /** What a peer with this heap may keep of it all, in MiB: its heap, its buffers, its code. */
  private static final int MOST_KEPT = 260;

  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private final Backend web = backend(Backend.http("web"));

  /** A ClientHello of 65,000 bytes, in four records; only so many bytes of it are ever sent. */
  private static byte[] unfinishedHello(int length) {
    byte[] hello = new byte[length];
    int record = 16 * 1024;
    for (int at = 0; at < length; at += record + 5) {
      hello[at] = 0x16;
      hello[at + 1] = 3;
      hello[at + 2] = 1;
      hello[at + 3] = (byte) (record >> 8);
      hello[at + 4] = (byte) record;
    }
    int body = 65_000;
    hello[5] = 1;
    hello[6] = 0;
    hello[7] = (byte) (body >> 8);
    hello[8] = (byte) body;
    return hello;
  }

  /** Whatever of the crowd is to arrive has arrived: it sends no more, or all is sent. */
  private static void awaitStandstill(Crowd crowd, int count) {
    long[] last = {-1};
    await()
        .atMost(DEADLINE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              long now = crowd.sent() + crowd.gone();
              boolean still = now == last[0] && crowd.connected() + crowd.gone() >= count;
              last[0] = now;
              return still;
            });
  }

  private void stands(PeerProcess peer, PeerProcess entry, Crowd crowd, int count, String cause) {
    Bystander bystander = new Bystander(entry, "web");
    await().atMost(DEADLINE).until(() -> crowd.sent() > 0);
    bystander.isServedDuringTheWave();
    awaitStandstill(crowd, count);
    bystander.isServed();
    assertThat(peer.residentMebibytes()).isLessThan(MOST_RESIDENT);
    assertThat(entry.residentMebibytes()).isLessThan(MOST_RESIDENT);
    if (!cause.isEmpty()) {
      assertThat(peer.pages().metric("ops_proxy_proxy_errors_total", "reason=\"" + cause + "\""))
          .as("counted losses")
          .isPositive();
    }
    crowd.close();
    bystander.isServed();
    for (PeerProcess one : new PeerProcess[] {peer, entry}) {
      one.pages().awaitIdle();
      one.pages().awaitMetric(0, "ops_proxy_held_bytes");
      await().atMost(DEADLINE).until(() -> one.residentMebibytes() < MOST_KEPT);
      assertThat(one.log()).doesNotContain("OutOfMemory").doesNotContain("Exception");
    }
  }

  @Test
  void clientHellosWithoutAnEnd() {
    PeerProcess peer = process(new PeerFile("ours").services(web.as("web")));
    byte[] hello = unfinishedHello(62_000);
    try (Crowd crowd = new Crowd(peer.address(), 1500, hello, 0, 0)) {
      stands(peer, peer, crowd, 1500, "memory");
    }
  }

  @Test
  void bodiesForAnEndpointThatDoesNotAnswer() throws IOException {
    try (FullBacklog nowhere = new FullBacklog()) {
      PeerProcess peer =
          process(
              new PeerFile("ours")
                  .services(web.as("web"), "hang:127.0.0.1:" + nowhere.address().getPort())
                  // who is not read is not seen to leave before the connect has failed
                  .section("proxy", "{dial_timeout: 5s}"));
      String head = "POST / HTTP/1.1\r\nHost: hang\r\nContent-Length: 300000\r\n\r\n";
      try (Crowd crowd = Crowd.of(peer.address(), 1000, head, 300_000, 0)) {
        stands(peer, peer, crowd, 1000, "");
      }
    }
  }

  private static Backend giver() {
    byte[] much = new byte[64 * 1024];
    return Backend.serving(
        wire -> {
          wire.line();
          try {
            while (true) {
              wire.send(much);
            }
          } catch (UncheckedIOException enough) {
            wire.close();
          }
        });
  }

  @Test
  void answersThatNobodyReads() {
    Backend giver = backend(giver());
    PeerProcess peer = process(new PeerFile("ours").services(web.as("web"), giver.as("giver")));
    String request = "GET / HTTP/1.1\r\nHost: giver\r\n\r\n";
    try (Crowd crowd = Crowd.of(peer.address(), 400, request, 0, 4096)) {
      stands(peer, peer, crowd, 400, "");
    }
  }

  @Test
  void uploadsThatNobodyReads() {
    Backend mute = backend(Backend.serving(wire -> {}));
    PeerProcess peer = process(new PeerFile("ours").services(web.as("web"), mute.as("mute")));
    String request = "POST / HTTP/1.1\r\nHost: mute\r\nContent-Length: 99999999\r\n\r\n";
    try (Crowd crowd = Crowd.of(peer.address(), 400, request, 99_999_999, 0)) {
      stands(peer, peer, crowd, 400, "");
    }
  }

  private PeerProcess[] linked(Backend... behind) {
    PeerProcess entry = process(new PeerFile("entry"));
    String[] services = new String[behind.length + 1];
    services[0] = web.as("web");
    for (int i = 0; i < behind.length; i++) {
      services[i + 1] = behind[i].as("other" + i);
    }
    PeerProcess owner =
        process(
            new PeerFile("owner")
                .services(services)
                .remotes("127.0.0.1:" + entry.address().getPort()));
    entry.pages().awaitName("web");
    return new PeerProcess[] {entry, owner};
  }

  @Test
  void answersThatNobodyReadsThroughATunnel() {
    PeerProcess[] peers = linked(backend(giver()));
    String request = "GET / HTTP/1.1\r\nHost: other0\r\n\r\n";
    try (Crowd crowd = Crowd.of(peers[0].address(), 400, request, 0, 4096)) {
      stands(peers[1], peers[0], crowd, 400, "");
    }
  }

  @Test
  void uploadsThatNobodyReadsThroughATunnel() {
    PeerProcess[] peers = linked(backend(Backend.serving(wire -> {})));
    String request = "POST / HTTP/1.1\r\nHost: other0\r\nContent-Length: 99999999\r\n\r\n";
    try (Crowd crowd = Crowd.of(peers[0].address(), 400, request, 99_999_999, 0)) {
      stands(peers[1], peers[0], crowd, 400, "");
    }
  }

  /** Heads that are whole, for a name that nobody serves, from clients that read no answer. */
  @Test
  void refusalsThatNobodyReads() {
    PeerProcess peer = process(new PeerFile("ours").services(web.as("web")));
    String request = "POST / HTTP/1.1\r\nHost: nobody\r\nContent-Length: 900000\r\n\r\n";
    try (Crowd crowd = Crowd.of(peer.address(), 1500, request, 900_000, 4096)) {
      stands(peer, peer, crowd, 1500, "no_client");
    }
  }
}
