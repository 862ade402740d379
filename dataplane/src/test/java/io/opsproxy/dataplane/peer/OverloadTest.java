package io.opsproxy.dataplane.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.PeerProcess;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.Wire;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What clients and peers can cost a peer: bounded memory and CPU, and service for the others. */
@Tag("pressure")
class OverloadTest extends Scenario {
  private static final long MEBIBYTE = 1024 * 1024;
  private static final long MOST_GROWTH = 64;
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private final Backend web = backend(Backend.http("web"));

  private PeerFile file() {
    return new PeerFile("ours").services(web.as("web"));
  }

  /** Code is loaded and pools are filled by the first connections. */
  private static long warm(PeerProcess peer) {
    for (int i = 0; i < 200; i++) {
      assertThat(peer.get("web").status()).isEqualTo(200);
    }
    peer.pages().awaitIdle();
    return peer.residentMebibytes();
  }

  private static void assertGrewLittleAndServes(PeerProcess peer, long before) {
    assertThat(peer.residentMebibytes() - before).as("MiB more").isLessThan(MOST_GROWTH);
    assertThat(peer.get("web").body()).isEqualTo("web");
    assertThat(peer.pages().get("/readyz").statusCode()).isEqualTo(200);
    assertThat(peer.log()).doesNotContain("OutOfMemory");
  }

  /** Sends the same bytes until that many are sent, the peer closes, or it reads no more. */
  private static long flood(Wire wire, byte[] bytes, long most) {
    AtomicLong sent = new AtomicLong();
    Thread sender =
        new Thread(
            () -> {
              try {
                while (sent.get() < most) {
                  wire.send(bytes);
                  sent.addAndGet(bytes.length);
                }
              } catch (UncheckedIOException closed) {
                // the peer has had enough
              }
            });
    sender.setDaemon(true);
    sender.start();
    AtomicLong last = new AtomicLong(-1);
    await()
        .atMost(DEADLINE)
        .pollInterval(Duration.ofMillis(700))
        .until(() -> !sender.isAlive() || last.getAndSet(sent.get()) == sent.get());
    return sent.get();
  }

  @Test
  void clientsThatSendOneByteAndStop() {
    PeerProcess peer =
        process(file().section("limits", "{max_sniffing: 1500, max_sniffing_per_source: 0}"));
    long before = warm(peer);
    for (int i = 0; i < 2000; i++) {
      client(peer).send(i % 2 == 0 ? "G" : "\u0016");
    }
    peer.pages().awaitMetric(500, "ops_proxy_proxy_errors_total", "reason=\"shed\"");
    peer.pages().awaitMetric(1500, "ops_proxy_connections_sniffing");
    assertGrewLittleAndServes(peer, before);
  }

  @Test
  void aRegistrationWithoutEnd() {
    PeerProcess peer = process(file());
    long before = warm(peer);
    Wire control = client(peer).send("REGISTER:");
    byte[] much = "x".repeat(256 * 1024).getBytes(StandardCharsets.UTF_8);
    assertThat(flood(control, much, 100 * MEBIBYTE)).as("closed soon").isLessThan(50 * MEBIBYTE);
    assertGrewLittleAndServes(peer, before);
  }

  @Test
  void registrationsWhoseAnswersNobodyReads() {
    PeerProcess peer = process(file());
    long before = warm(peer);
    Wire control = client(Wire.connectWithSmallWindow(peer.address()));
    byte[] lines = "REGISTER:a:1.1.1.1:1\n".repeat(10_000).getBytes(StandardCharsets.UTF_8);
    assertThat(flood(control, lines, 200 * MEBIBYTE)).isLessThan(200 * MEBIBYTE);
    assertGrewLittleAndServes(peer, before);
  }

  @Test
  void registrationsOfEverNewNames() {
    PeerProcess peer = process(file());
    long before = warm(peer);
    Wire control = client(peer);
    for (int i = 0; i < 20; i++) {
      StringBuilder line = new StringBuilder("REGISTER:");
      for (int j = 0; j < 2000; j++) {
        line.append("n").append(i).append("x").append(j).append(":1.1.1.1:1,");
      }
      control.send(line.append("\n").toString());
      assertThat(control.line()).startsWith("OK:");
      if (i == 0) {
        assertThat(control.line()).startsWith("SYNC:");
      }
    }
    assertGrewLittleAndServes(peer, before);
  }

  @Test
  void aClientThatStopsReading() {
    Backend giver =
        backend(
            Backend.serving(
                wire -> {
                  wire.line();
                  flood(wire, new byte[256 * 1024], 200 * MEBIBYTE);
                }));
    PeerProcess peer = process(file().services(web.as("web"), giver.as("giver")));
    long before = warm(peer);
    List<Wire> stopped = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Wire client = client(Wire.connectWithSmallWindow(peer.address()));
      stopped.add(client.send("GET / HTTP/1.1\r\nHost: giver\r\n\r\n"));
    }
    await().atMost(DEADLINE).until(() -> giver.accepted() == 4);
    AtomicLong last = new AtomicLong(-1);
    await()
        .atMost(DEADLINE)
        .pollInterval(Duration.ofMillis(700))
        .until(
            () -> {
              long passed = (long) peer.pages().metric("ops_proxy_connections_bytes_rx_total");
              return passed > MEBIBYTE && last.getAndSet(passed) == passed;
            });
    assertThat(last.get()).isLessThan(200 * MEBIBYTE);
    assertGrewLittleAndServes(peer, before);
    stopped.forEach(Wire::close);
  }

  @Test
  void aBackendThatStopsReading() {
    Backend mute = backend(Backend.queueing());
    PeerProcess peer = process(file().services(web.as("web"), mute.as("mute")));
    long before = warm(peer);
    Wire client = client(peer).send("POST / HTTP/1.1\r\nHost: mute\r\n\r\n");
    client(mute.accept());
    assertThat(flood(client, new byte[256 * 1024], 200 * MEBIBYTE)).isLessThan(200 * MEBIBYTE);
    assertGrewLittleAndServes(peer, before);
  }

  @Test
  void moreConnectionsThanFileDescriptors() {
    PeerProcess peer = process(file(), "ulimit -n 128");
    long before = warm(peer);
    List<Wire> clients = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      try {
        clients.add(client(peer));
      } catch (UncheckedIOException refused) {
        // it was reset at once
      }
    }
    assertThat(peer.pages().getAnew("/healthz").status()).isEqualTo(200);
    long ticks = peer.cpuTicks();
    long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
    await().atMost(DEADLINE).until(() -> System.nanoTime() > end);
    assertThat(peer.cpuTicks() - ticks).as("hundredths of a CPU second in two").isLessThan(60);
    assertThat(peer.pages().getAnew("/metrics").status()).isEqualTo(200);
    clients.forEach(Wire::close);
    peer.pages().awaitQuiet();
    assertGrewLittleAndServes(peer, before);
  }
}
