package io.opsproxy.dataplane.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.PeerProcess;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that have not said what they are: what they wait for, and for how long. */
class UndecidedClientsTest extends Scenario {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private final Backend web = backend(Backend.http("web"));

  private static PeerFile file() {
    return new PeerFile("ours");
  }

  private TestPeer withDefaultRoute(Backend backend) {
    return start(
        file()
            .services(backend.as("raw"), web.as("web"))
            .section("proxy", "{default_service: raw, detect_timeout: 300ms, read_timeout: 60s}"));
  }

  private static double errors(TestPeer peer, String reason) {
    return peer.pages().metric("ops_proxy_proxy_errors_total", "reason=\"" + reason + "\"");
  }

  // unknown protocols that stop in the middle

  @ParameterizedTest
  @ValueSource(strings = {"HELLO", "SSH-2.0", "PROX", "REGISTER", "\u0016"})
  void whoWaitsAfterAWordGoesToTheDefaultService(String word) {
    Backend raw = backend(Backend.queueing());
    TestPeer peer = withDefaultRoute(raw);
    Wire client = client(peer).send(word);
    Wire accepted = client(raw.accept());
    assertThat(accepted.text(word.length())).isEqualTo(word);
    accepted.send("welcome\n");
    assertThat(client.line()).isEqualTo("welcome");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PING", "", "\u0016"})
  void whoEndsBeforeItIsKnownGoesToTheDefaultService(String word) {
    Backend raw = backend(Backend.queueing());
    TestPeer peer = withDefaultRoute(raw);
    Wire client = client(peer).send(word).fin();
    Wire accepted = client(raw.accept());
    assertThat(accepted.restText()).isEqualTo(word);
    accepted.send("PONG").close();
    assertThat(client.restText()).isEqualTo("PONG");
  }

  @Test
  void aFirstByteOfTlsWithoutItsVersionIsAnotherProtocol() {
    Backend raw = backend(Backend.queueing());
    TestPeer peer = withDefaultRoute(raw);
    client(peer).send("\u0016\u0001later");
    assertThat(client(raw.accept()).text(7)).isEqualTo("\u0016\u0001later");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET / HTTP/1.1\r\nHost: web\r\n", "\u0016\u0003\u0001\u0002\u0000\u0001"})
  void aKnownProtocolThatStopsIsNotAnother(String half) {
    Backend raw = backend(Backend.queueing());
    TestPeer peer = withDefaultRoute(raw);
    Wire client = client(peer).send(half);
    assertThat(client.isSilentFor(800)).isTrue();
    assertThat(raw.accepted()).isZero();
    client.close();
  }

  @Test
  void aHeadOf64KibibytesIsTaken() {
    TestPeer peer = start(file().services(web.as("web")));
    String head = "GET / HTTP/1.1\r\nHost: web\r\nX: ";
    String padding = "x".repeat(64 * 1024 - head.length() - 4);
    assertThat(client(peer).send(head + padding + "\r\n\r\n").answer().status()).isEqualTo(200);
    assertThat(client(peer).send(head + padding + "x\r\n\r\n").answer().status()).isEqualTo(400);
  }

  // verbs of peers

  @ParameterizedTest
  @ValueSource(strings = {"REGISTER:", "REGISTER:vm:127.0.0.1:1:", "DATA:0123"})
  void aVerbWithoutTheRestOfItsLineIsUndecided(String half) {
    TestPeer peer = start(file().section("proxy", "{read_timeout: 700ms}"));
    Wire client = client(peer).send(half);
    peer.pages().awaitMetric(1, "ops_proxy_connections_sniffing");
    long start = System.nanoTime();
    while (client.isSilentFor(50) && System.nanoTime() - start < DEADLINE.toNanos()) {
      try {
        client.send("x");
      } catch (java.io.UncheckedIOException closed) {
        break;
      }
    }
    peer.pages().awaitMetric(0, "ops_proxy_connections_sniffing");
    assertThat(errors(peer, "detect_timeout")).isEqualTo(1);
  }

  @Test
  void manyHalfVerbsShedEachOtherAndNobodyElse() {
    TestPeer peer =
        start(
            file()
                .services(web.as("web"))
                .section("limits", "{max_sniffing: 20, max_sniffing_per_source: 20}"));
    for (int i = 0; i < 60; i++) {
      client(peer).send("REGISTER:");
    }
    peer.pages().awaitMetric(20, "ops_proxy_connections_sniffing");
    assertThat(errors(peer, "shed")).isEqualTo(40);
    assertThat(peer.get("web").body()).isEqualTo("web");
  }

  @Test
  void aVerbWhoseLineDoesNotEndIsClosedAt64Kibibytes() {
    TestPeer peer = start(file());
    Wire client = client(peer).send("REGISTER:" + "a".repeat(64 * 1024));
    assertThat(client.rest()).isEmpty();
  }

  // the deadline

  @Test
  void aShorterTimeHoldsForNewConnectionsAtOnce() {
    PeerFile file = file().services(web.as("web")).section("proxy", "{read_timeout: 120s}");
    TestPeer peer = start(file);
    Wire old = client(peer).send("GET ");
    peer.pages().awaitMetric(1, "ops_proxy_connections_sniffing");
    peer.reconfigure(file.section("proxy", "{read_timeout: 500ms}"));
    peer.pages().awaitMetric(1, "ops_proxy_config_reloads_total", "success");
    List<Wire> fresh = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      fresh.add(client(peer).send("GET "));
    }
    fresh.forEach(one -> assertThat(one.rest()).isEmpty());
    peer.pages().awaitMetric(1, "ops_proxy_connections_sniffing");
    assertThat(old.isSilentFor(100)).isTrue();
  }

  @Test
  void whoHasSaidNothingDoesNotHoldUpADrain() {
    PeerProcess peer = process(file().services(web.as("web")).set("drain_timeout", "60s"));
    Wire silent = client(peer);
    peer.pages().awaitMetric(1, "ops_proxy_connections_sniffing");
    long start = System.nanoTime();
    peer.signal("TERM");
    assertThat(silent.rest()).isEmpty();
    assertThat(peer.awaitExit()).isZero();
    assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(20).toNanos());
  }
}
