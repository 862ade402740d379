package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.ACCEPTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.processing.retry.RetryExecution;
import io.opsproxy.operator.app.OperatorProcess;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What fails is tried again, without end, and comes right without anybody's help. */
@RealApiServer
final class RetryTest {
  private static final int FAILURES = 3;

  private final KubeServer server;
  private final String namespace;

  RetryTest(KubeServer server) {
    this.server = server;
    namespace = server.newNamespace("retry");
  }

  @Test
  void anApplyThatFailsIsTriedAgainUntilItSucceeds() throws IOException {
    Faults faults = new Faults(FAILURES);
    try (KubernetesClient client = faults.client(server);
        TestOperator operator = TestOperator.start(server, namespace, client)) {
      operator.apply(TestMesh.peer("edge", 1));
      eventually().until(() -> operator.child(Deployment.class, "edge") != null);
      eventually().until(() -> operator.peerCondition("edge", ACCEPTED).equals("True/Accepted"));
      assertThat(faults.left).hasNonPositiveValue();
      assertThat(
              operator.metric(
                  "ops_proxy_operator_write_failures_total{cause=\"404\",kind=\"Deployment\""))
          .isGreaterThanOrEqualTo(FAILURES);
    }
  }

  @Test
  void aPeerThatIsDeletedWhileItsApplyFailsLeavesNothingBehind() throws IOException {
    Faults faults = new Faults(Integer.MAX_VALUE);
    try (KubernetesClient client = faults.client(server);
        TestOperator operator = TestOperator.start(server, namespace, client)) {
      operator.apply(TestMesh.peer("gone", 1));
      eventually().until(() -> faults.left.get() < Integer.MAX_VALUE - 1);
      server.client().resource(operator.peer("gone")).delete();
      eventually().until(() -> operator.objects("app.kubernetes.io/instance=gone"), List::isEmpty);
    }
  }

  @Test
  void retriesNeverEndAndAreAtMostAMinuteApart() {
    RetryExecution retries = OperatorProcess.retry().initExecution();
    for (int i = 0; i < 1_000; i++) {
      assertThat(retries.nextDelay()).hasValueSatisfying(d -> assertThat(d).isBetween(0L, 60_000L));
    }
  }

  /** The first applies of Deployments reach a page that does not exist. */
  private static final class Faults implements Interceptor {
    private final AtomicInteger left;

    Faults(int failures) {
      left = new AtomicInteger(failures);
    }

    /** A client with all rights that suffers from them. */
    KubernetesClient client(KubeServer server) {
      return new KubernetesClientBuilder()
          .withConfig(server.config())
          .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("faults", this))
          .build();
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
      boolean apply =
          request.method().equals("PATCH") && request.uri().getPath().contains("/deployments/");
      if (apply && left.getAndDecrement() > 0) {
        builder.uri(URI.create(request.uri().toString().replace("/deployments/", "/none/")));
      }
    }
  }
}
