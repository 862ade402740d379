package io.opsproxy.dataplane.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.ScriptedPeer;
import io.opsproxy.dataplane.testing.ScriptedPeer.Forward;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Wire;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The requester's side of a forward: clients of this peer for names that another one serves. */
class ForwardRequestTest extends Scenario {
  private static final String ITEM = "web:127.0.0.1:8081";
  private static final String GET = "GET / HTTP/1.1\r\nHost: web\r\n\r\n";
  private static final String UNEXPECTED = "ops_proxy_data_connections_unexpected_total";
  private final ScriptedPeer owner = scripted("vm");

  private static PeerFile file() {
    return new PeerFile("ours").set("connection_timeout", "60s");
  }

  @Test
  void asksTheOwnerAndPassesBytesBothWaysAndEachEndOnItsOwn() {
    TestPeer peer = start(file());
    Wire control = owner.register(peer, ITEM);
    Wire client = client(peer).send(GET + "and more");
    Forward forward = ScriptedPeer.forward(control);
    assertThat(forward.id()).matches("[0-9a-f]{32}");
    assertThat(forward.name()).isEqualTo("web");
    assertThat(forward.backend()).isEqualTo("127.0.0.1:8081");
    peer.pages().awaitMetric(1, "ops_proxy_pending_data_connections");
    Wire data = owner.data(peer, forward.id(), "");
    assertThat(data.text(GET.length() + 8)).isEqualTo(GET + "and more");
    assertThat(client.send("!").fin()).isNotNull();
    assertThat(data.restText()).as("the client's end passes on").isEqualTo("!");
    data.send("answer after the client's end").fin();
    assertThat(client.restText()).isEqualTo("answer after the client's end");
    peer.pages().awaitIdle();
    assertThat(peer.pages().metric("ops_proxy_data_connections_matched_total")).isEqualTo(1);
    assertThat(peer.pages().metric("ops_proxy_forward_commands_total")).isEqualTo(1);
    assertThat(peer.pages().metric("ops_proxy_connections_bytes_tx_total"))
        .isEqualTo(GET.length() + 9);
    assertThat(peer.pages().metric("ops_proxy_connections_bytes_rx_total")).isEqualTo(29);
  }

  @Test
  void bytesThatShareASegmentWithTheDataLineComeFirst() {
    TestPeer peer = start(file());
    Wire control = owner.register(peer, ITEM);
    Wire client = client(peer).send(GET);
    Wire data = owner.data(peer, ScriptedPeer.forward(control).id(), "first,");
    data.send("second").fin();
    assertThat(client.restText()).isEqualTo("first,second");
  }

  @Test
  void takesADataLineOneByteAtATime() {
    TestPeer peer = start(file());
    Wire control = owner.register(peer, ITEM);
    Wire client = client(peer).send(GET);
    Wire data = owner.dial(peer).drip("DATA:" + ScriptedPeer.forward(control).id() + "\r\nhello");
    assertThat(data.text(GET.length())).isEqualTo(GET);
    data.fin();
    assertThat(client.restText()).isEqualTo("hello");
  }

  @Test
  void keepsManySessionsOfOneLinkApart() {
    TestPeer peer = start(file());
    Wire control = owner.register(peer, ITEM);
    int sessions = 200;
    List<Wire> clients = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      clients.add(client(peer).send("GET /" + i + " HTTP/1.1\r\nHost: web\r\n\r\n"));
    }
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      ids.add(ScriptedPeer.forward(control).id());
    }
    assertThat(ids).doesNotHaveDuplicates();
    peer.pages().awaitMetric(sessions, "ops_proxy_pending_data_connections");
    Collections.shuffle(ids, new Random(7));
    for (String id : ids) {
      Wire data = owner.data(peer, id, "");
      data.send("you asked for " + data.line().split(" ", 3)[1]);
    }
    for (int i = 0; i < sessions; i++) {
      assertThat(clients.get(i).text(("you asked for /" + i).length()))
          .isEqualTo("you asked for /" + i);
    }
  }

  @Test
  void tellsAClientWhenNoDataConnectionComes() {
    TestPeer peer = start(file().set("connection_timeout", "300ms"));
    Wire control = owner.registerPrefixed(peer, ITEM);
    Wire.Answer answer = peer.get("web");
    assertThat(answer.status()).isEqualTo(504);
    assertThat(answer.body())
        .contains("web")
        .contains("vm")
        .contains("no DATA connection within 300 ms");
    peer.pages().awaitMetric(0, "ops_proxy_pending_data_connections");
    assertThat(peer.pages().metric("ops_proxy_data_connections_timeout_total")).isEqualTo(1);
    Wire late = owner.data(peer, ScriptedPeer.forward(control).id(), "");
    assertThat(late.restText()).isEmpty();
    assertThat(peer.pages().metric(UNEXPECTED)).isEqualTo(1);
  }

  @Test
  void failsAtOnceWhenTheLinkGoesWhileAClientWaits() {
    TestPeer peer = start(file());
    Wire control = owner.registerPrefixed(peer, ITEM);
    Wire client = client(peer).send(GET);
    ScriptedPeer.forward(control);
    control.rst();
    Wire.Answer answer = client.answer();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("web").contains("link to peer vm").contains("lost");
  }

  @Test
  void aRunningSessionOutlivesItsLink() {
    TestPeer peer = start(file());
    Wire control = owner.register(peer, ITEM);
    Wire client = client(peer).send(GET);
    Wire data = owner.data(peer, ScriptedPeer.forward(control).id(), "before ");
    assertThat(client.text(7)).isEqualTo("before ");
    control.close();
    peer.pages().awaitNoName("web");
    data.send("after");
    assertThat(client.text(5)).isEqualTo("after");
  }

  @Test
  void dealsClientsOutToAllOwnersAndGoesOnWithTheOnesThatAreLeft() {
    TestPeer peer = start(file());
    ScriptedPeer other = scripted("other");
    Wire first = owner.register(peer, ITEM);
    owner.serve(peer, first, data -> Backend.answerAll(data, "a"));
    other.serve(peer, other.register(peer, "web:10.0.0.1:1"), data -> Backend.answerAll(data, "b"));
    int ofFirst = 0;
    for (int i = 0; i < 10; i++) {
      ofFirst += peer.get("web").body().equals("a") ? 1 : 0;
    }
    assertThat(ofFirst).isEqualTo(5);
    AtomicInteger done = new AtomicInteger();
    List<Wire.Answer> answers = Collections.synchronizedList(new ArrayList<>());
    Thread load =
        new Thread(
            () -> {
              for (int i = 0; i < 200; i++) {
                answers.add(peer.get("web"));
                done.incrementAndGet();
              }
            });
    load.start();
    org.awaitility.Awaitility.await().until(() -> done.get() > 50);
    first.close();
    org.awaitility.Awaitility.await()
        .atMost(java.time.Duration.ofSeconds(30))
        .until(() -> !load.isAlive());
    assertThat(answers).hasSize(200).allMatch(answer -> answer.status() == 200);
    assertThat(peer.get("web").body()).isEqualTo("b");
  }

  @Test
  void triesTheNextOwnerWhenOneNeverAnswers() {
    TestPeer peer = start(file().set("connection_timeout", "300ms"));
    Wire silent = owner.register(peer, ITEM);
    ScriptedPeer other = scripted("other");
    other.serve(peer, other.register(peer, ITEM), data -> Backend.answerAll(data, "b"));
    assertThat(peer.get("web").body()).isEqualTo("b");
    assertThat(peer.get("web").body()).isEqualTo("b");
    assertThat(ScriptedPeer.forward(silent).name()).isEqualTo("web");
  }

  @Test
  void goesToTheNextOwnerAtOnceWhenOneSaysThatItCannot() {
    TestPeer peer = start(file());
    Wire failing = owner.register(peer, ITEM);
    ScriptedPeer other = scripted("other");
    other.serve(peer, other.register(peer, ITEM), data -> Backend.answerAll(data, "b"));
    Wire one = client(peer).send(GET);
    Wire two = client(peer).send(GET);
    String id = ScriptedPeer.forward(failing).id();
    failing.send("ERROR:" + id + ":backend_dial_error: connection refused\n");
    assertThat(one.answer().body()).isEqualTo("b");
    assertThat(two.answer().body()).isEqualTo("b");
  }

  @Test
  void namesTheCauseThatTheOnlyOwnerGives() {
    TestPeer peer = start(file());
    Wire control = owner.registerPrefixed(peer, ITEM);
    Wire client = client(peer).send(GET);
    control.send("ERROR:" + ScriptedPeer.forward(control).id() + ":endpoint 10.0.0.1:1 refused\n");
    Wire.Answer answer = client.answer();
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body())
        .contains("web")
        .contains("vm")
        .contains("endpoint 10.0.0.1:1 refused");
  }

  @Test
  void onlyTheLinkThatWasAskedMaySayThatAForwardFailed() {
    TestPeer peer = start(file());
    Wire control = owner.register(peer, ITEM);
    Wire stranger = scripted("stranger").register(peer, "other:127.0.0.1:1");
    Wire client = client(peer).send(GET);
    String id = ScriptedPeer.forward(control).id();
    stranger.send("ERROR:" + id + ":made up\nREGISTER:other:127.0.0.1:1\n");
    assertThat(stranger.line()).isEqualTo("OK:1");
    owner.data(peer, id, "served").fin();
    assertThat(client.restText()).isEqualTo("served");
  }

  @Test
  void aDataConnectionNeedsAnIdThatIsWaitedForAndTheRightSource() {
    TestPeer peer = start(file());
    Wire control = owner.register(peer, ITEM);
    Wire client = client(peer).send(GET);
    String id = ScriptedPeer.forward(control).id();
    assertThat(owner.data(peer, "00000042", "").restText()).isEmpty();
    assertThat(owner.data(peer, id.toUpperCase(java.util.Locale.ROOT) + "0", "").restText())
        .isEmpty();
    assertThat(owner.dial(peer).send("DATA:" + "x".repeat(400)).restText()).isEmpty();
    assertThat(owner.dial(peer).send("DATA:\n").restText()).isEmpty();
    peer.pages().awaitMetric(4, UNEXPECTED);
    Wire elsewhere =
        client(Wire.connect("127.0.0.2", peer.address())).send("DATA:" + id + "\nstolen");
    assertThat(elsewhere.restText()).isEmpty();
    peer.pages().awaitMetric(5, UNEXPECTED);
    owner.data(peer, id, "served").fin();
    assertThat(client.restText()).as("the stranger did not use up the id").isEqualTo("served");
    assertThat(owner.data(peer, id, "again").restText()).isEmpty();
    peer.pages().awaitMetric(6, UNEXPECTED);
  }

  @Test
  void forgetsAClientThatLeavesWhileItWaits() {
    TestPeer peer = start(file());
    Wire control = owner.register(peer, ITEM);
    Wire client = client(peer).send(GET);
    String id = ScriptedPeer.forward(control).id();
    peer.pages().awaitMetric(1, "ops_proxy_pending_data_connections");
    client.rst();
    peer.pages().awaitIdle();
    assertThat(owner.data(peer, id, "too late").restText()).isEmpty();
    peer.pages().awaitMetric(1, UNEXPECTED);
  }

  /** The DATA connection is handed from loop to loop; a client may leave in between. */
  @Test
  void countsEachClientOnceHoweverItLeaves() {
    TestPeer peer = start(file().section("limits", "{max_connections: 1}"));
    Wire control = owner.register(peer, ITEM);
    for (int i = 0; i < 100; i++) {
      Wire client = client(peer).send(GET);
      String id = ScriptedPeer.forward(control).id();
      Wire data = owner.dial(peer);
      byte[] line = ("DATA:" + id + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
      if (i % 2 == 0) {
        data.send(line);
        client.rst();
      } else {
        client.rst();
        data.send(line);
      }
      data.rest();
      peer.pages().awaitMetric(0, "ops_proxy_connections_active");
    }
    Wire first = client(peer).send(GET);
    Wire data = owner.data(peer, ScriptedPeer.forward(control).id(), "x");
    assertThat(first.text(1)).isEqualTo("x");
    assertThat(peer.get("web").status()).as("the limit of one still holds").isEqualTo(503);
    data.close();
  }
}
