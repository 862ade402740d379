package io.opsproxy.dataplane.mesh.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.mesh.TrustedMesh;
import io.opsproxy.dataplane.testing.TestPeer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A peer that does not read for a while what it is told of others. */
class SlowReaderTest extends TrustedMesh {
  private static final int NAMES = 10_000;
  private static final String ALL = "names: [\"*\"], transit: true";

  @Test
  void hearsAllOfItOnceItReadsAndNobodyWaitsForIt() {
    TestPeer hub = start(trusted("hub").section("mesh", mesh("hub", ALL, ", transit: true")));
    try (ScriptedTrustedPeer late =
        new ScriptedTrustedPeer(hub.address(), authority.issue("late"), "late")) {
      TestPeer early = start(trusted("early", ALL).remotes(address(hub)));
      String[] services =
          IntStream.range(0, NAMES)
              .mapToObj(i -> "name-" + i + ":127.0.0.1:1")
              .toArray(String[]::new);
      start(trusted("west", ALL).services(services).remotes(address(hub)));
      await("all names at a peer that reads")
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                // alive, and reading nothing
                late.send(new Message.Ping(1));
                return early.pages().metric("ops_proxy_clients_total") >= NAMES;
              });
      Set<String> heard = new HashSet<>();
      while (heard.size() < NAMES) {
        heard.add(late.await(Message.Route.class, route -> true).name().value());
      }
      assertThat(heard).hasSize(NAMES);
    }
  }
}
