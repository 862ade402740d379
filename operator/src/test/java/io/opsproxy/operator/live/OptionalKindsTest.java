package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.ACCEPTED;
import static io.opsproxy.operator.status.ConditionType.RESOLVED_REFS;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.MonitoringKinds;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Kinds that a cluster gets long after the operator began, and that nothing is written twice: with
 * the objects that say all that can be said, on a server of the test's own.
 */
@RealApiServer
final class OptionalKindsTest {
  private static final Path VALID = Path.of("../crds/src/test/resources/valid");

  private static final String SMALLEST =
      """
      apiVersion: opsproxy.io/v1alpha1
      kind: ProxyPeer
      metadata: {name: smallest}
      spec: {}
      """;

  private static final String DEMANDING =
      """
      apiVersion: opsproxy.io/v1alpha1
      kind: ProxyPeer
      metadata: {name: demanding}
      spec: {monitoring: {serviceMonitor: Enabled}}
      """;

  @Test
  void lateKindsAreNoticedAndNothingIsWrittenTwice() throws IOException {
    try (KubeServer server = KubeServer.start()) {
      String namespace = server.newNamespace("optional");
      Writes writes = new Writes();
      try (KubernetesClient client = writes.client(server);
          TestOperator operator = TestOperator.start(server, namespace, client)) {
        operator.apply(SMALLEST);
        operator.apply(DEMANDING);
        for (String kind : List.of("proxypeer", "exposedservice")) {
          operator.apply(
              Files.readString(VALID.resolve(kind).resolve("everything.yaml"))
                  // No pod may have a claim that its spec does not declare.
                  .replaceAll("(?s)      claims:.*?request: one\n", ""));
        }
        // Absence is no error, except where the object is demanded.
        eventually()
            .until(() -> operator.peerCondition("smallest", ACCEPTED).equals("True/Accepted"));
        assertThat(operator.peerCondition("smallest", RESOLVED_REFS))
            .isEqualTo("True/ResolvedRefs");
        eventually()
            .until(
                () ->
                    operator
                        .peerCondition("demanding", RESOLVED_REFS)
                        .equals("False/KindNotFound"));
        assertThat(operator.peerMessage("demanding", RESOLVED_REFS)).contains("ServiceMonitor");

        assertThat(dashboards(server, namespace)).isZero();

        MonitoringKinds.install(server.client());

        eventually()
            .until(
                () ->
                    operator.peerCondition("demanding", RESOLVED_REFS).equals("True/ResolvedRefs"));
        eventually()
            .until(() -> MonitoringKinds.count(server.client(), "PrometheusRule", namespace) == 3);
        eventually().until(() -> dashboards(server, namespace) == 3);

        writesNothingInThreeReconciles(operator, writes);

        server.kubectl("delete", "crd", "servicemonitors.monitoring.coreos.com");
        eventually()
            .until(
                () ->
                    operator
                        .peerCondition("demanding", RESOLVED_REFS)
                        .equals("False/KindNotFound"));
        // The next best of the kinds that are left.
        eventually()
            .until(() -> MonitoringKinds.count(server.client(), "PodMonitor", namespace) == 2);
      }
    }
  }

  /** ConfigMaps that the sidecar of Grafana would load. */
  private static int dashboards(KubeServer server, String namespace) {
    return server
        .client()
        .configMaps()
        .inNamespace(namespace)
        .withLabel("grafana_dashboard", "1")
        .list()
        .getItems()
        .size();
  }

  /** Every object is looked at three times more, and keeps its version. */
  private static void writesNothingInThreeReconciles(TestOperator operator, Writes writes) {
    List<String> peers =
        List.of("smallest", "demanding", "peer-of-the-second-data-centre-in-the-north-of-town0");
    eventually().until(() -> settled(operator));
    List<String> written = writes.all();
    assertThat(written).isNotEmpty();
    List<String> before = operator.objects("");
    assertThat(before).hasSizeGreaterThan(30);
    for (int i = 0; i < 3; i++) {
      double done = reconciles(operator);
      peers.forEach(operator::trigger);
      eventually().until(() -> reconciles(operator) >= done + peers.size());
    }
    assertThat(operator.objects("")).isEqualTo(before);
    assertThat(writes.all()).isEqualTo(written);
  }

  /** Whether nothing is written any more between two looks at everything. */
  private static boolean settled(TestOperator operator) {
    return operator.objects("").equals(operator.objects(""));
  }

  private static double reconciles(TestOperator operator) {
    return operator.metric(
        "ops_proxy_operator_reconcile_seconds_count{kind=\"ProxyPeer\",result=\"success\"");
  }
}
