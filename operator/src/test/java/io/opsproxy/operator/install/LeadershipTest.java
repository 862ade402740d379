package io.opsproxy.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.opsproxy.operator.testing.KubeRequest;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.OperatorProgram;
import io.opsproxy.operator.testing.RealApiServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several operators as processes, with the deployed role, of which one leads. */
@RealApiServer
final class LeadershipTest {
  private static final String NAMESPACE = "ops-proxy-system";
  private static final String ACCOUNT = "ops-proxy-operator";

  private final KubeServer server = KubeServer.start();
  private final KubernetesClient client = server.client();
  private final List<OperatorProgram> operators = new ArrayList<>();

  @BeforeEach
  void start() {
    server.kubectl("apply", "-k", "../deploy");
    for (int i = 0; i < 2; i++) {
      operators.add(
          OperatorProgram.start(
              server.kubeconfigAs(NAMESPACE, ACCOUNT),
              client
                  .apps()
                  .deployments()
                  .inNamespace(NAMESPACE)
                  .withName(ACCOUNT)
                  .get()
                  .getSpec()
                  .getTemplate()
                  .getSpec()
                  .getContainers()
                  .get(0),
              Map.of("metadata.name", "operator-" + i, "metadata.namespace", NAMESPACE)));
    }
    operators.forEach(operator -> eventually().until(operator::isReady));
    eventually().until(() -> leaders().size() == 1);
  }

  @AfterEach
  void stop() {
    operators.forEach(OperatorProgram::close);
    server.close();
  }

  private static ConditionFactory eventually() {
    return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100));
  }

  private List<OperatorProgram> leaders() {
    return operators.stream()
        .filter(one -> one.isAlive() && one.log().contains("(this one)"))
        .toList();
  }

  private void peer(String name) {
    server.kubectl("create", "namespace", name);
    client
        .load(
            new java.io.ByteArrayInputStream(
                """
                apiVersion: opsproxy.io/v1alpha1
                kind: ProxyPeer
                metadata: {name: edge, namespace: %s}
                spec: {}
                """
                    .formatted(name)
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .create();
  }

  private Deployment deployment(String namespace) {
    return client.apps().deployments().inNamespace(namespace).withName("edge").get();
  }

  @Test
  void afterACrashOfTheLeaderTheNextOneWorksWithinFifteenSeconds() {
    peer("first");
    eventually().until(() -> deployment("first") != null);
    leaders().get(0).kill();
    peer("second");
    await()
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> deployment("second") != null);
  }

  @Test
  void aLeaderWithoutAServerEndsWithALine() {
    OperatorProgram leader = leaders().get(0);
    OperatorProgram standby = operators.stream().filter(one -> one != leader).findFirst().get();
    // It does not refuse: it is silent.
    server.pauseApiServer();
    await().atMost(Duration.ofSeconds(20)).until(() -> !leader.isAlive());
    server.resumeApiServer();
    assertThat(leader.log()).contains("the lease could not be renewed");
    eventually().until(() -> standby.log().contains("(this one)"));
    peer("later");
    eventually().until(() -> deployment("later") != null);
  }

  @Test
  void atRestThereAreWatchesAndFewReads() {
    peer("edge");
    eventually().until(() -> deployment("edge") != null);
    // What the creation has set going comes to rest.
    int[] before = {-1};
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(20))
        .until(
            () -> {
              int reads = reads();
              int last = before[0];
              before[0] = reads;
              return last >= 0 && reads - last <= 10;
            });
  }

  private int reads() {
    List<KubeRequest> requests = server.requestsOf(NAMESPACE, ACCOUNT);
    return (int)
        requests.stream()
            .filter(one -> one.verb().equals("get") || one.verb().equals("list"))
            .count();
  }
}
