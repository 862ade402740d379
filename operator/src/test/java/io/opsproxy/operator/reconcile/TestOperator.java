package io.opsproxy.operator.reconcile;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Conditions;
import io.opsproxy.operator.testing.KubeServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;

/** An operator over one namespace of a real API server, and what a user does with it. */
final class TestOperator implements AutoCloseable {
  private final KubeServer server;
  private final String namespace;
  private final KubernetesClient client;
  private OperatorProcess process;

  private TestOperator(KubeServer server, String namespace) {
    this.server = server;
    this.namespace = namespace;
    client = server.client();
  }

  static TestOperator start(KubeServer server, String namespace) throws IOException {
    TestOperator operator = new TestOperator(server, namespace);
    operator.restart();
    return operator;
  }

  /** As after a crash: without anything of the one before. */
  void restart() throws IOException {
    stop();
    process =
        new OperatorProcess(
            client,
            new OperatorSettings(
                List.of(namespace),
                new InetSocketAddress("127.0.0.1", 0),
                false,
                "test",
                namespace,
                "image"));
  }

  void stop() {
    if (process != null) {
      process.close();
      process = null;
    }
  }

  /** Applies objects as {@code kubectl apply --server-side} does. */
  void apply(String yaml) {
    client
        .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(
            item -> {
              item.getMetadata().setNamespace(namespace);
              client.resource(item).forceConflicts().serverSideApply();
            });
  }

  ProxyPeer peer(String name) {
    return client.resources(ProxyPeer.class).inNamespace(namespace).withName(name).get();
  }

  ExposedService service(String name) {
    return client.resources(ExposedService.class).inNamespace(namespace).withName(name).get();
  }

  <T extends HasMetadata> T child(Class<T> kind, String name) {
    return client.resources(kind).inNamespace(namespace).withName(name).get();
  }

  /** {@code STATUS/Reason}; empty while the condition is not there. */
  String peerCondition(String name, ConditionType type) {
    ProxyPeer peer = peer(name);
    return peer.getStatus() == null ? "" : text(peer.getStatus().conditions(), type);
  }

  /** {@code STATUS/Reason}; empty while the condition is not there. */
  String serviceCondition(String name, ConditionType type) {
    ExposedService service = service(name);
    return service.getStatus() == null ? "" : text(service.getStatus().conditions(), type);
  }

  String serviceMessage(String name, ConditionType type) {
    return Conditions.find(service(name).getStatus().conditions(), type).orElseThrow().getMessage();
  }

  private static String text(List<Condition> conditions, ConditionType type) {
    return Conditions.find(conditions, type)
        .map(one -> one.getStatus() + "/" + one.getReason())
        .orElse("");
  }

  static ConditionFactory eventually() {
    return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
  }

  KubernetesClient client() {
    return client;
  }

  KubeServer server() {
    return server;
  }

  @Override
  public void close() {
    stop();
  }
}
