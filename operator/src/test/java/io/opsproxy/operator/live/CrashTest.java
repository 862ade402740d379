package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestMesh.ANSWER;
import static io.opsproxy.operator.live.TestMesh.peer;
import static io.opsproxy.operator.live.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.opsproxy.operator.testing.KubeRequest;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.OperatorProgram;
import io.opsproxy.operator.testing.RealApiServer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The operator as a process that is killed. */
@RealApiServer
final class CrashTest {
  private final KubeServer server;
  private final String namespace;

  CrashTest(KubeServer server) {
    this.server = server;
    namespace = server.newNamespace("crash");
  }

  /** With all rights, under an account whose requests the audit log has. */
  private OperatorProgram start(String account) {
    server.kubectl("create", "serviceaccount", account, "-n", namespace);
    server.kubectl(
        "create",
        "clusterrolebinding",
        namespace + "-" + account,
        "--clusterrole=cluster-admin",
        "--serviceaccount=" + namespace + ":" + account);
    return OperatorProgram.start(
        server.kubeconfigAs(namespace, account), Map.of(), "operator", "--namespaces", namespace);
  }

  private List<KubeRequest> writesOf(String account) {
    return server.requestsOf(namespace, account).stream()
        .filter(request -> !Set.of("get", "list", "watch").contains(request.verb()))
        .toList();
  }

  @Test
  void aKillDisturbsNoTrafficAndTheNextStartWritesNothing() {
    TestOperator user = TestOperator.none(server, namespace);
    try (TestMesh mesh = TestMesh.start(server, namespace)) {
      Pod pod;
      List<String> before;
      try (OperatorProgram operator = start("first")) {
        user.apply(peer("edge", 1) + mesh.service("web", "edge"));
        eventually().until(() -> user.serviceCondition("web", READY).equals("True/Ready"));
        eventually().until(() -> user.peerCondition("edge", READY).equals("True/Ready"));
        // Events and what the controllers of the cluster write have come to rest.
        eventually().until(() -> versions(user).equals(versions(user)));
        before = versions(user);
        pod = mesh.pods("edge").get(0);
        try (Traffic traffic = new Traffic(mesh, pod)) {
          operator.kill();
          traffic.awaitMore(50);
          assertThat(operator.isAlive()).isFalse();
        }
      }
      try (Traffic traffic = new Traffic(mesh, pod);
          OperatorProgram operator = start("second")) {
        eventually().until(operator::isReady);
        // It has looked at everything, and has asked the pod.
        eventually()
            .until(
                () ->
                    operator
                        .page("/metrics")
                        .contains(
                            "ops_proxy_operator_objects{condition=\"Ready\","
                                + "kind=\"ExposedService\",status=\"True\"} 1.0"));
        traffic.awaitMore(50);
        assertThat(writesOf("first")).isNotEmpty();
        assertThat(writesOf("second")).isEmpty();
        assertThat(versions(user)).isEqualTo(before);

        // And it works.
        user.apply(mesh.service("other", "edge"));
        eventually().until(() -> user.serviceCondition("other", READY).equals("True/Ready"));
      }
    } finally {
      user.close();
    }
  }

  /** But for the accounts of this test. */
  private static List<String> versions(TestOperator user) {
    return user.objects("").stream().filter(one -> !one.startsWith("ServiceAccount/")).toList();
  }

  /** Requests one after the other; every one of them must be answered. */
  private static final class Traffic implements AutoCloseable {
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();
    private final Thread thread;

    Traffic(TestMesh mesh, Pod pod) {
      thread =
          new Thread(
              () -> {
                while (!closed.get()) {
                  answers.add(mesh.get(pod, "web.example.com"));
                }
              },
              "traffic");
      thread.start();
      awaitMore(1);
    }

    void awaitMore(int requests) {
      int before = answers.size();
      eventually().until(() -> answers.size() >= before + requests);
    }

    @Override
    public void close() {
      closed.set(true);
      eventually().until(() -> !thread.isAlive());
      assertThat(answers).isNotEmpty().allMatch(answer -> answer.contains(ANSWER));
    }
  }
}
