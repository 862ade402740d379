package io.opsproxy.dataplane.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.TestPeer;
import io.opsproxy.dataplane.testing.Wire;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What becomes of open connections when their endpoint is taken out of the configuration. */
class EndpointRemovalTest extends Scenario {
  private static final String CLOSE = "close_connections_on_host_set_change: true, ";
  private final Backend a = backend(Backend.http("a"));
  private final Backend b = backend(Backend.http("b"));

  private static PeerFile file(String option, String... endpoints) {
    PeerFile file = new PeerFile("edge");
    return endpoints.length == 0
        ? file
        : file.section(
            "services",
            "[{name: web, " + option + "endpoints: [" + String.join(", ", endpoints) + "]}]");
  }

  private static void awaitBody(TestPeer peer, String body) {
    await().atMost(Duration.ofSeconds(20)).until(() -> peer.get("web").body().equals(body));
  }

  @Test
  void goOnUnlessAskedOtherwise() {
    TestPeer peer = start(file("", a.address()));
    Wire old = client(peer);
    assertThat(old.get("web").body()).isEqualTo("a");
    peer.reconfigure(file("", b.address()));
    awaitBody(peer, "b");
    assertThat(old.get("web").body()).isEqualTo("a");
  }

  @Test
  void areClosedWhereThatIsAsked() {
    TestPeer peer = start(file(CLOSE, a.address(), b.address()));
    Wire one = client(peer);
    Wire two = client(peer);
    String first = one.get("web").body();
    assertThat(two.get("web").body()).isNotEqualTo(first);
    Wire ofA = first.equals("a") ? one : two;
    Wire ofB = first.equals("a") ? two : one;
    peer.reconfigure(file(CLOSE, b.address()));
    assertThat(ofA.rest()).as("it is closed").isEmpty();
    assertThat(ofB.get("web").body()).as("the other endpoint stays").isEqualTo("b");
    peer.pages().awaitMetric(1, "ops_proxy_proxy_errors_total", "reason=\"backend_io_error\"");
  }

  @Test
  void areClosedWithTheWholeService() {
    TestPeer peer = start(file(CLOSE, a.address()));
    Wire old = client(peer);
    assertThat(old.get("web").body()).isEqualTo("a");
    peer.reconfigure(file(""));
    assertThat(old.rest()).isEmpty();
  }
}
