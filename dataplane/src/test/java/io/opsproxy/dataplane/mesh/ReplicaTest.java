package io.opsproxy.dataplane.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.TestPeer;
import org.junit.jupiter.api.Test;

/** Replicas of one peer share what each of them has learned. */
class ReplicaTest extends TrustedMesh {

  @Test
  void aClientOfAnyReplicaReachesEveryName() {
    Backend web = backend(Backend.http("web of west"));
    Backend api = backend(Backend.http("api of east"));
    TestPeer first = start(trusted("core"));
    TestPeer second = start(trusted("core").remotes(address(first)));
    start(trusted("west").services(web.as("web")).remotes(address(first)));
    start(trusted("east").services(api.as("api")).remotes(address(second)));
    second.pages().awaitName("web");
    first.pages().awaitName("api");
    assertThat(second.get("web").body()).isEqualTo("web of west");
    assertThat(first.get("api").body()).isEqualTo("api of east");
    assertThat(first.get("web").body()).isEqualTo("web of west");
  }

  @Test
  void namesOfPeersWithoutACertificateAreSharedToo() {
    Backend web = backend(Backend.http("web of an old peer"));
    PeerFile file =
        trusted("core")
            .section("mesh", mesh("core", "names: [\"*\"]", ", legacy_peers: [127.0.0.0/8]"));
    TestPeer first = start(file);
    TestPeer second = start(file.remotes(address(first)));
    TestPeer old = start(new PeerFile("old").services(web.as("web")).remotes(address(first)));
    second.pages().awaitName("web");
    assertThat(second.get("web").body()).isEqualTo("web of an old peer");
    stop(old);
    second.pages().awaitNoName("web");
  }

  @Test
  void whatOneReplicaServesAsWellIsNoConflict() {
    Backend web = backend(Backend.http("web of both"));
    TestPeer first = start(trusted("core").services(web.as("web")));
    TestPeer second = start(trusted("core").services(web.as("web")).remotes(address(first)));
    awaitStatus(second, "\"protocol\":\"v2\"");
    assertThat(second.get("web").body()).isEqualTo("web of both");
    assertThat(first.pages().metric("ops_proxy_mesh_refusals_total", "reason=\"name_taken\""))
        .isZero();
  }

  @Test
  void aPeerThatIsToldOfItselfDialsItselfNoMore() {
    PeerFile file = trusted("core");
    TestPeer core = start(file);
    core.reconfigure(file.remotes(address(core)));
    awaitStatus(core, "\"state\":\"itself\"");
    assertThat(core.pages().status()).contains("\"problems\":[]");
  }
}
