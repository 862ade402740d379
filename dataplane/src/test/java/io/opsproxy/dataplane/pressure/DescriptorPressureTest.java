package io.opsproxy.dataplane.pressure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.PeerProcess;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.Wire;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** More connections than file descriptors: whoever gets none is told, and nothing is lost. */
@Tag("pressure")
class DescriptorPressureTest extends Scenario {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private final Backend web = backend(Backend.http("web"));

  /** A service of which 100 connections may be open, and a peer that may open 400 files. */
  private PeerProcess peer() {
    return process(
        new PeerFile("ours")
            .section(
                "services",
                "[{name: web, endpoints: [\""
                    + web.address()
                    + "\"], circuit_breakers: {thresholds: [{max_connections: 100}]}}]"),
        "ulimit -n 400");
  }

  private void tryToConnect(PeerProcess peer, List<Wire> clients) {
    try {
      clients.add(client(peer));
    } catch (UncheckedIOException refused) {
      // it was reset at once
    }
  }

  private static void tryToSend(Wire wire, String text) {
    try {
      wire.send(text);
    } catch (UncheckedIOException refused) {
      // it was reset before it had said anything
    }
  }

  @Test
  void everySlotComesBack() {
    PeerProcess peer = peer();
    for (int round = 0; round < 3; round++) {
      List<Wire> clients = new ArrayList<>();
      for (int i = 0; i < 310; i++) {
        tryToConnect(peer, clients);
      }
      clients.forEach(one -> tryToSend(one, "GET / HTTP/1.1\r\nHost: web\r\n"));
      clients.forEach(one -> tryToSend(one, "\r\n"));
      int served = 0;
      int told = 0;
      for (Wire one : clients) {
        try {
          Wire.Answer answer = one.answer();
          served += answer.status() == 200 ? 1 : 0;
          told += answer.status() == 503 ? 1 : 0;
        } catch (AssertionError reset) {
          // likewise
        }
      }
      assertThat(served).isBetween(1, 100);
      assertThat(told).isPositive();
      clients.forEach(Wire::close);
      peer.pages().awaitQuiet();
    }
    List<Wire> hundred = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Wire one = client(peer);
      hundred.add(one);
      assertThat(one.get("web").status()).as("slot " + i).isEqualTo(200);
    }
    hundred.forEach(Wire::close);
    peer.pages().awaitQuiet();
  }

  @Test
  void aPeerThatIsFullEndsWhenTold() {
    PeerProcess peer = peer();
    List<Wire> clients = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      tryToConnect(peer, clients);
    }
    for (Wire client : clients) {
      tryToSend(client, "GET / HTTP/1.1\r\nHost: web\r\n\r\n");
    }
    await()
        .atMost(DEADLINE)
        .until(() -> peer.pages().metric("ops_proxy_proxy_errors_total", "limit") > 0);
    assertThat(peer.log()).contains("file descriptors leaves are open");
    clients.forEach(Wire::close);
    peer.pages().awaitQuiet();
    assertThat(peer.get("web").status()).isEqualTo(200);
    peer.signal("TERM");
    assertThat(peer.awaitExit()).isZero();
  }
}
