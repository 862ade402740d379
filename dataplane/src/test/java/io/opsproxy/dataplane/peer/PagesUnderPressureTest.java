package io.opsproxy.dataplane.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.PeerProcess;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.Wire;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever readers of the pages do, the pages answer others, and so does the peer. */
@Tag("pressure")
class PagesUnderPressureTest extends Scenario {
  private final Backend web = backend(Backend.http("web"));

  private PeerFile file() {
    String[] names =
        IntStream.range(0, 500).mapToObj(i -> web.as("service-" + i)).toArray(String[]::new);
    String[] all = Arrays.copyOf(names, names.length + 1);
    all[names.length] = web.as("web");
    return new PeerFile("ours").services(all);
  }

  @Test
  void requestsSentAheadByReadersThatReadNothing() {
    PeerProcess peer = process(file());
    String ahead = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(4_000);
    for (int i = 0; i < 8; i++) {
      Wire reader = client(peer.pages().address());
      Thread sender =
          new Thread(
              () -> {
                try {
                  reader.send(ahead);
                } catch (UncheckedIOException e) {
                  // it was cut off, or the test is over
                }
              });
      sender.setDaemon(true);
      sender.start();
    }
    for (int i = 0; i < 20; i++) {
      assertThat(peer.pages().getAnew("/healthz").status()).isEqualTo(200);
      assertThat(peer.pages().getAnew("/metrics").status()).isEqualTo(200);
      assertThat(peer.get("web").body()).isEqualTo("web");
    }
    assertThat(peer.log()).doesNotContain("OutOfMemory");
  }

  @Test
  void manyConnectionsThatSayNothing() {
    PeerProcess peer = process(file());
    for (int i = 0; i < 200; i++) {
      client(peer.pages().address());
    }
    assertThat(peer.pages().getAnew("/healthz").status()).isEqualTo(200);
    assertThat(peer.pages().metric("ops_proxy_page_refusals_total", "cause=\"shed\""))
        .isGreaterThan(100);
  }

  @Test
  void whoIsNotServedIsCounted() {
    PeerProcess peer = process(file());
    try (Wire reader = client(peer.pages().address())) {
      assertThat(reader.send("garbage\r\n\r\n").answer().status()).isEqualTo(400);
    }
    peer.pages().awaitMetric(1, "ops_proxy_page_refusals_total", "cause=\"bad_request\"");
    assertThat(
            peer.pages()
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("ops_proxy_event_loop_lag_seconds{"))
                .collect(Collectors.toList()))
        .isNotEmpty();
  }
}
