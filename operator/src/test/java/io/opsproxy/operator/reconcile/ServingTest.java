package io.opsproxy.operator.reconcile;

import static io.opsproxy.operator.reconcile.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.PROGRAMMED;
import static io.opsproxy.operator.status.ConditionType.READY;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.opsproxy.operator.render.Labels;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.RealApiServer;
import io.opsproxy.operator.testing.TestKubelet;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From applied objects to answered requests: a real API server, and real peers as pods. */
@RealApiServer
final class ServingTest {
  private final KubeServer server;
  private final String namespace;
  private final HttpServer backend;
  private TestKubelet kubelet;
  private TestOperator operator;

  ServingTest(KubeServer server) throws IOException {
    this.server = server;
    namespace = server.newNamespace("serving");
    backend = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          byte[] body = "hello from the backend".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    backend.start();
  }

  @BeforeEach
  void start() throws IOException {
    kubelet = TestKubelet.start(server, namespace);
    operator = TestOperator.start(server, namespace);
  }

  @AfterEach
  void stop() {
    operator.close();
    kubelet.close();
    backend.stop(0);
  }

  private String peer(String name, int replicas) {
    return """
        apiVersion: opsproxy.io/v1alpha1
        kind: ProxyPeer
        metadata: {name: %s}
        spec: {replicas: %d, drain: {delay: 0s, timeout: 1s}}
        """
        .formatted(name, replicas);
  }

  private String service(String name, String peer) {
    return """
        apiVersion: opsproxy.io/v1alpha1
        kind: ExposedService
        metadata: {name: %s}
        spec:
          peerRef: {name: %s}
          hostnames: [%s.example.com]
          backend: {addresses: [{address: "127.0.0.1:%d"}]}
        """
        .formatted(name, peer, name, backend.getAddress().getPort());
  }

  private List<Pod> pods(String peer) {
    return server
        .client()
        .pods()
        .inNamespace(namespace)
        .withLabel(Labels.INSTANCE, peer)
        .list()
        .getItems();
  }

  private static String get(String address, int port, String host) {
    try (Socket socket = new Socket(address, port)) {
      socket.setSoTimeout(5_000);
      socket
          .getOutputStream()
          .write(
              ("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      try (InputStream in = socket.getInputStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void appliedNamesAreServedByEveryReplicaWithoutARestart() {
    operator.apply(peer("edge", 2));
    eventually().until(() -> operator.peerCondition("edge", READY).equals("True/Ready"));
    List<String> before = names("edge");

    operator.apply(service("web", "edge"));
    eventually().until(() -> operator.serviceCondition("web", READY).equals("True/Ready"));

    assertThat(names("edge")).isEqualTo(before);
    for (Pod pod : pods("edge")) {
      assertThat(get(kubelet.addressOf(pod), 6443, "web.example.com"))
          .contains("hello from the backend");
      assertThat(pod.getMetadata().getAnnotations().get(Labels.CONFIG_HASH))
          .startsWith(operator.peer("edge").getStatus().configHash());
    }
    assertThat(operator.peer("edge").getStatus().replicas().programmed()).isEqualTo(2);
    assertThat(operator.service("web").getStatus().endpoints().healthy()).isEqualTo(1);

    server.client().resource(operator.service("web")).delete();
    eventually()
        .until(
            () ->
                pods("edge").stream()
                    .allMatch(
                        pod ->
                            get(kubelet.addressOf(pod), 6443, "web.example.com").contains("503")));
  }

  private List<String> names(String peer) {
    return pods(peer).stream().map(pod -> pod.getMetadata().getUid()).sorted().toList();
  }

  @Test
  void aStoppedReplicaKeepsProgrammedFalseAndIsNamed() {
    operator.apply(peer("edge", 2));
    eventually().until(() -> operator.peerCondition("edge", READY).equals("True/Ready"));
    Pod stopped = pods("edge").get(0);
    kubelet.pause(stopped);
    try {
      operator.apply(service("web", "edge"));
      eventually().until(() -> operator.serviceCondition("web", READY).equals("True/Ready"));
      assertThat(operator.peerCondition("edge", PROGRAMMED)).startsWith("False/");
      assertThat(operator.peer("edge").getStatus().conditions().toString())
          .contains(stopped.getMetadata().getName());
    } finally {
      kubelet.resume(stopped);
    }
    eventually().until(() -> operator.peerCondition("edge", PROGRAMMED).startsWith("True/"));
  }

  @Test
  void peersThatNameEachOtherServeEachOthersNames() {
    operator.apply(
        peer("a", 1).replace("spec: {", "spec: {remotePeers: [{peerRef: {name: b}}], ")
            + "---\n"
            + peer("b", 1).replace("spec: {", "spec: {remotePeers: [{peerRef: {name: a}}], ")
            + "---\n"
            + service("web", "a"));
    eventually().until(() -> operator.serviceCondition("web", READY).equals("True/Ready"));

    eventually()
        .until(
            () ->
                get(kubelet.addressOf(pods("b").get(0)), 6443, "web.example.com")
                    .contains("hello from the backend"));
  }

  @Test
  void aRestartOfTheOperatorWritesNothing() throws IOException {
    operator.apply(peer("edge", 1) + "---\n" + service("web", "edge"));
    eventually().until(() -> operator.serviceCondition("web", READY).equals("True/Ready"));
    eventually().until(() -> operator.peerCondition("edge", READY).equals("True/Ready"));
    String before = versions();

    operator.restart();
    // By the end of this it has looked at everything more than once.
    operator.apply(service("other", "edge"));
    eventually().until(() -> operator.serviceCondition("other", READY).equals("True/Ready"));
    server.client().resource(operator.service("other")).delete();
    eventually()
        .until(() -> !operator.child(ConfigMap.class, "edge-config").toString().contains("other"));

    assertThat(versions()).isEqualTo(before);
  }

  /** Versions of everything but what a service changes on its way in and out. */
  private String versions() {
    return Stream.of(
            operator.child(Deployment.class, "edge"),
            operator.child(Service.class, "edge"),
            operator.child(Service.class, "edge-peers"),
            operator.child(ServiceAccount.class, "edge"),
            operator.service("web"))
        .map(one -> one.getKind() + " " + one.getMetadata().getResourceVersion())
        .collect(Collectors.joining(", "));
  }
}
