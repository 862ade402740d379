package io.opsproxy.dataplane.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.relay.FullBacklog;
import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.PeerProcess;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.ScriptedPeer;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Wire;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What other peers may take of this one. */
@Tag("pressure")
class LinkBoundsTest extends Scenario {
  private static final String FAILED = "ops_proxy_client_forwards_failed_total";
  private static final String ACTIVE = "ops_proxy_client_active_forwards";
  private final Backend web = backend(Backend.queueing());

  private String forwards(int count) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < count; i++) {
      lines.append(String.format(Locale.ROOT, "FORWARD:%032x:web:%s\n", i, web.address()));
    }
    return lines.toString();
  }

  private PeerFile file() {
    return new PeerFile("ours").services(web.as("web"));
  }

  /** A link whose peer can be asked for its DATA connections in vain. */
  private Wire register(TestPeer peer, String address) {
    Wire control = scripted("vm").dial(peer).send("REGISTER:vm:" + address + ":api:127.0.0.1:1\n");
    assertThat(control.line()).isEqualTo("OK:1");
    assertThat(control.line()).startsWith("SYNC:");
    return control;
  }

  @Test
  void aLinkHasSoManyForwardsAndTheRestIsRefused() throws IOException {
    TestPeer peer =
        start(
            file()
                .section("limits", "{max_forwards_per_link: 10}")
                .set("connection_timeout", "60s"));
    try (FullBacklog nobody = new FullBacklog()) {
      Wire control = register(peer, BindAddress.text(nobody.address())).send(forwards(50));
      for (int i = 10; i < 50; i++) {
        assertThat(control.line()).startsWith("ERROR:").endsWith(":limit");
      }
      assertThat(peer.pages().metric(FAILED, "reason=\"limit\"")).isEqualTo(40);
      assertThat(peer.pages().metric(ACTIVE)).isEqualTo(10);
      Wire other = register(peer, BindAddress.text(nobody.address())).send(forwards(5));
      peer.pages().awaitMetric(15, ACTIVE);
      control.close();
      peer.pages().awaitMetric(5, ACTIVE);
      other.close();
      peer.pages().awaitMetric(0, "ops_proxy_open_streams");
    }
  }

  @Test
  void aForwardThatIsServedOutlivesItsLink() {
    TestPeer peer = start(file().section("limits", "{max_forwards_per_link: 1}"));
    ScriptedPeer remote = scripted("vm");
    Wire control = remote.registerPrefixed(peer, "api:127.0.0.1:1").send(forwards(1));
    Wire data = remote.accept();
    assertThat(data.line()).startsWith("DATA:");
    Wire backend = client(web.accept());
    control.close();
    peer.pages().awaitNoName("api");
    backend.send("still here");
    assertThat(data.text(10)).isEqualTo("still here");
  }

  @Test
  void aFloodOfForwardsIsShedAndDoesNotKeepTheProcess() throws IOException {
    try (FullBacklog nobody = new FullBacklog()) {
      PeerProcess peer = process(file().set("drain_timeout", "1s"), "ulimit -n 400");
      Wire control =
          scripted("vm")
              .dial(peer)
              .send("REGISTER:vm:" + BindAddress.text(nobody.address()) + ":api:127.0.0.1:1\n")
              .send(forwards(1500));
      assertThat(control.line()).isEqualTo("OK:1");
      peer.pages().awaitMetricAbove(1_000, FAILED, "reason=\"limit\"");
      peer.pages().awaitMetric(0, ACTIVE);
      peer.signal("TERM");
      assertThat(peer.awaitExit()).isZero();
    }
  }

  @Test
  void aLinkThatIsClosedWhileItsPeerDoesNotReadGivesItsSocketBack() {
    TestPeer peer = start(file().set("registration_read_timeout", "1s"));
    Wire control = client(Wire.connectWithSmallWindow(peer.address()));
    StringBuilder names = new StringBuilder("REGISTER:n0:1");
    for (int i = 1; i < 3000; i++) {
      names.append(",n").append(i).append(":1");
    }
    peer.reconfigure(file().set("registration_read_timeout", "1s").services(many()));
    control.send(names + "\n");
    peer.pages().awaitName("n1");
    peer.pages().awaitNoName("n1");
    peer.pages().awaitMetric(0, "ops_proxy_open_streams");
  }

  private static String[] many() {
    String[] services = new String[4000];
    for (int i = 0; i < services.length; i++) {
      services[i] =
          "service-" + i + ".some-very-long-domain-name-of-a-mesh.example.com:127.0.0.1:1";
    }
    return services;
  }

  @Test
  void acceptsSoManyLinksInAllAndOfOneAddress() {
    TestPeer peer = start(file().section("limits", "{max_links: 3, max_links_per_source: 2}"));
    ScriptedPeer crowd = scripted("crowd");
    Wire first = crowd.register(peer, "a:127.0.0.1:1");
    crowd.register(peer, "b:127.0.0.1:1");
    assertThat(crowd.dial(peer).send("REGISTER:c:127.0.0.1:1\n").restText())
        .startsWith("ERROR:")
        .contains("limits.max_links_per_source");
    Wire elsewhere = client(Wire.connect("127.0.0.2", peer.address()));
    assertThat(elsewhere.send("REGISTER:d:127.0.0.1:1\n").line()).isEqualTo("OK:1");
    assertThat(
            client(Wire.connect("127.0.0.2", peer.address()))
                .send("REGISTER:e:127.0.0.1:1\n")
                .restText())
        .startsWith("ERROR:")
        .contains("limits.max_links");
    assertThat(peer.pages().metric("ops_proxy_proxy_errors_total", "reason=\"limit\""))
        .isEqualTo(2);
    first.close();
    peer.pages().awaitNoName("a");
    crowd.register(peer, "c:127.0.0.1:1");
  }
}
