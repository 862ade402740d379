package io.opsproxy.dataplane.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** One id for a connection, from the first peer to the backend, and who looks on. */
class StreamIdTest extends TrustedMesh {
  private static final String LOG =
      "[{path: %s, format: \"%%STREAM_ID%% %%UPSTREAM_CLUSTER%%\\n\"}]";
  private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f]{16})\"");

  private PeerFile logging(String name, String more) {
    return trusted(name)
        .section("mesh", mesh(name, "names: [\"*\"], transit: true", more))
        .section("access_log", LOG.formatted(log(name)));
  }

  private Path log(String name) {
    return directory.resolve(name + ".log");
  }

  private String logged(String name) {
    await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(log(name)));
    await().atMost(Duration.ofSeconds(20)).until(() -> Files.size(log(name)) > 0);
    try {
      return Files.readString(log(name)).strip();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String id(String events) {
    Matcher matcher = ID.matcher(events);
    assertThat(matcher.find()).as(events).isTrue();
    return matcher.group(1);
  }

  @Test
  void aConnectionHasOneIdAtEveryPeerAndTowardsTheBackend() {
    Backend web = backend(Backend.queueing());
    TestPeer hub = start(logging("hub", ", transit: true"));
    TestPeer west =
        start(
            logging("west", "")
                .section(
                    "services",
                    "[{name: web, endpoints: [\"" + web.address() + "\"], proxy_protocol: v2}]")
                .remotes(address(hub)));
    TestPeer east = start(logging("east", "").remotes(address(hub)));
    east.pages().awaitName("web");
    assertThat(east.pages().get("/tail").body()).contains("\"next\":1,\"lost\":0,\"events\":[]");
    hub.pages().get("/tail");
    west.pages().get("/tail");
    Wire client = client(east);
    client.send("GET / HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n");
    Wire served = web.accept();
    byte[] header = served.bytes(16 + 12 + 3 + 16);
    served.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").fin();
    assertThat(client.rest()).isNotEmpty();
    String opened = east.pages().get("/tail?next=1&name=web").body();
    assertThat(opened)
        .contains("\"event\":\"open\"", "\"name\":\"web\"", "\"client\":\"127.0.0.1:");
    String id = id(opened);
    ByteBuffer ports = ByteBuffer.wrap(header, 24, 4);
    assertThat(opened)
        .as("the client's own address, after two peers")
        .contains("\"client\":\"127.0.0.1:" + (ports.getShort() & 0xffff) + "\"");
    assertThat(ports.getShort() & 0xffff).isEqualTo(east.address().getPort());
    assertThat(HexFormat.of().formatHex(header, 28, 31)).isEqualTo("050010");
    assertThat(new String(header, 31, 16, StandardCharsets.US_ASCII)).isEqualTo(id);
    for (TestPeer peer : new TestPeer[] {hub, west}) {
      assertThat(id(peer.pages().get("/tail?next=1").body())).isEqualTo(id);
    }
    client.close();
    for (String peer : new String[] {"east", "hub", "west"}) {
      assertThat(logged(peer)).isEqualTo(id + " web");
    }
    assertThat(east.pages().get("/tail?next=1").body()).contains("\"event\":\"close\"");
  }

  @Test
  void whoLooksOnAskingForAnotherNameSeesNothing() {
    Backend web = backend(Backend.http("hello"));
    TestPeer peer = start(new PeerFile("alone").services(web.as("web")));
    peer.pages().get("/tail");
    assertThat(peer.get("web").body()).isEqualTo("hello");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> peer.pages().get("/tail?next=1&name=web").body().contains("\"close\""));
    assertThat(peer.pages().get("/tail?next=1&name=other").body()).contains("\"events\":[]");
    assertThat(peer.pages().get("/tail?next=nonsense").statusCode()).isEqualTo(400);
  }
}
