package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestMesh.ANSWER;
import static io.opsproxy.operator.live.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.ADVERTISED;
import static io.opsproxy.operator.status.ConditionType.CONNECTED;
import static io.opsproxy.operator.status.ConditionType.PROGRAMMED;
import static io.opsproxy.operator.status.ConditionType.READY;
import static io.opsproxy.operator.status.ConditionType.TRUSTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.opsproxy.api.v1alpha1.MeshStatus;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two clusters, each with an operator and an authority of its own, that trust each other by what
 * the status of one says and the spec of the other repeats, as through Git.
 */
@RealApiServer
final class TwoClustersTest {
  private final Cluster east;
  private final Cluster west;

  /** One of the two. */
  private static final class Cluster implements AutoCloseable {
    private final KubeServer server;
    private final TestMesh mesh;
    private final TestOperator operator;

    Cluster(KubeServer server, String name) throws IOException {
      this.server = server;
      String namespace = server.newNamespace(name);
      mesh = TestMesh.start(server, namespace);
      operator = TestOperator.startDeployed(server, namespace);
    }

    /** A gate, with what stands in its spec beside its identity. */
    void gate(String mesh, String spec) {
      operator.apply(
          """
          ---
          apiVersion: opsproxy.io/v1alpha1
          kind: ProxyPeer
          metadata: {name: gate}
          spec: {replicas: 1, drain: {delay: 0s, timeout: 1s}, mesh: {%s}%s}
          """
              .formatted(mesh, spec));
    }

    MeshStatus status() {
      return operator.peer("gate").getStatus().mesh();
    }

    /** The entry of {@code mesh.trust} that another cluster writes for this one. */
    String trusted(String names) {
      return "{name: other, caBundle: \"%s\", peers: ['%s'], names: %s}"
          .formatted(status().trustBundle().replace("\n", "\\n"), status().id(), names);
    }

    Pod pod() {
      return mesh.pods("gate").get(0);
    }

    @Override
    public void close() {
      operator.close();
      mesh.close();
    }
  }

  TwoClustersTest(KubeServer server) throws IOException {
    east = new Cluster(server, "east");
    west = new Cluster(KubeServer.start(), "west");
  }

  @BeforeEach
  void start() {
    east.gate("", "");
    west.gate("", "");
    eventually().until(() -> east.operator.peerCondition("gate", TRUSTED).equals("True/Trusted"));
    eventually().until(() -> west.operator.peerCondition("gate", TRUSTED).equals("True/Trusted"));
  }

  @AfterEach
  void stop() {
    east.close();
    west.close();
    west.server.close();
  }

  @Test
  void twoClustersTrustEachOtherByWhatTheirStatusSaysUntilOneSaysOtherwise() {
    assertThat(east.status().id()).isNotEqualTo(west.status().id());
    assertThat(east.status().trustBundle()).isNotEqualTo(west.status().trustBundle());
    eventually().until(() -> east.operator.peerCondition("gate", READY).equals("True/Ready"));
    // As the address of a load balancer. East is never able to dial back.
    west.mesh.kubelet().resolve("gate.east.test", east.mesh.kubelet().addressOf(east.pod()));

    east.gate("trust: [" + west.trusted("['ledger.example.com']") + "]", "");
    west.gate(
        "trust: [" + east.trusted("['*']") + "]",
        ", remotePeers: [{address: 'gate.east.test:6443'}]");
    east.operator.apply(east.mesh.service("shop", "gate"));
    west.operator.apply(west.mesh.service("ledger", "gate") + west.mesh.service("other", "gate"));

    eventually().until(() -> west.operator.peerCondition("gate", CONNECTED).endsWith("/Connected"));
    eventually().until(() -> west.mesh.get(west.pod(), "shop.example.com").contains(ANSWER));
    eventually().until(() -> east.mesh.get(east.pod(), "ledger.example.com").contains(ANSWER));
    // Not among the names that west may bring to east.
    assertThat(east.mesh.get(east.pod(), "other.example.com")).contains("503");

    eventually()
        .until(
            () -> west.operator.serviceCondition("other", ADVERTISED).equals("False/NameRefused"));
    assertThat(west.operator.serviceMessage("other", ADVERTISED))
        .contains(east.status().id())
        .contains("other.example.com");
    assertThat(west.operator.serviceCondition("other", READY)).isEqualTo("True/Ready");
    assertThat(west.operator.serviceCondition("ledger", ADVERTISED)).isEqualTo("True/Advertised");

    String before = east.pod().getMetadata().getUid();
    east.gate(
        "revoked: ['" + west.status().id() + "'], trust: [" + west.trusted("['*']") + "]", "");
    eventually().until(() -> east.mesh.get(east.pod(), "ledger.example.com").contains("503"));
    eventually().until(() -> west.mesh.get(west.pod(), "shop.example.com").contains("503"));
    eventually()
        .until(() -> east.operator.peerCondition("gate", PROGRAMMED).equals("True/Programmed"));
    assertThat(east.mesh.get(east.pod(), "shop.example.com")).contains(ANSWER);
    assertThat(east.pod().getMetadata().getUid()).isEqualTo(before);
  }
}
