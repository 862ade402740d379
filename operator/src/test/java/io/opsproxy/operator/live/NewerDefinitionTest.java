package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.ACCEPTED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Definitions that are newer than the operator: they hold values that it does not know. */
@RealApiServer
final class NewerDefinitionTest {
  private final KubeServer server = KubeServer.start();
  private final String namespace = server.newNamespace("newer");
  private TestOperator operator;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    for (String name : new String[] {"proxypeers", "exposedservices"}) {
      Path file = Path.of("../crds/manifests", name + ".opsproxy.io.yaml");
      JsonNode definition = new YAMLMapper().readTree(file.toFile());
      widen(definition);
      Path newer = Files.writeString(directory.resolve(name), definition.toString());
      server.kubectl("apply", "--server-side", "--force-conflicts", "-f", newer.toString());
    }
    operator = TestOperator.startDeployed(server, namespace);
  }

  /** Every list of words gets one more. */
  private static void widen(JsonNode schema) {
    if (schema instanceof ObjectNode object && object.get("enum") instanceof ArrayNode words) {
      words.add("Tomorrow");
    }
    schema.forEach(NewerDefinitionTest::widen);
  }

  @AfterEach
  void stop() {
    operator.close();
    server.close();
  }

  private void service(String name, String more) {
    operator.apply(
        """
        apiVersion: opsproxy.io/v1alpha1
        kind: ExposedService
        metadata: {name: %s}
        spec: {peerRef: {name: edge}, backend: {addresses: [{address: "10.0.0.1:80"}]}%s}
        """
            .formatted(name, more));
  }

  private void peer(String name, String spec) {
    operator.apply(
        """
        apiVersion: opsproxy.io/v1alpha1
        kind: ProxyPeer
        metadata: {name: %s}
        spec: {replicas: 1%s}
        """
            .formatted(name, spec));
  }

  @Test
  void anObjectThatSaysMoreThanIsKnownIsRefusedByItself() throws IOException {
    peer("edge", "");
    service("known", "");
    service("newer", ", loadBalancing: {policy: Tomorrow}");
    eventually()
        .until(() -> operator.serviceCondition("newer", ACCEPTED).equals("False/InvalidSpec"));
    assertThat(operator.serviceMessage("newer", ACCEPTED))
        .contains("spec.loadBalancing.policy")
        .contains("\"Tomorrow\"");
    eventually().until(() -> operator.serviceCondition("known", ACCEPTED).equals("True/Accepted"));
    String before = operator.config("edge");
    assertThat(before).contains("known").doesNotContain("name: newer\n");

    // A peer goes on as it was, and says so.
    peer("edge", ", service: {type: Tomorrow}");
    eventually().until(() -> operator.peerCondition("edge", ACCEPTED).equals("False/InvalidSpec"));
    assertThat(operator.config("edge")).isEqualTo(before);

    // Also one that has to read all of them at its start.
    operator.restart();
    peer("edge", "");
    service("later", "");
    eventually().until(() -> operator.peerCondition("edge", ACCEPTED).equals("True/Accepted"));
    eventually().until(() -> operator.serviceCondition("later", ACCEPTED).equals("True/Accepted"));
    assertThat(operator.page("/readyz")).contains("ready");
  }
}
