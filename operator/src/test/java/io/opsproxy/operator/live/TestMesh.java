package io.opsproxy.operator.live;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.Pod;
import io.opsproxy.operator.render.Labels;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.KubeletTiming;
import io.opsproxy.operator.testing.TestKubelet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A namespace whose pods run: objects for it, a backend, and the requests of clients. */
final class TestMesh implements AutoCloseable {
  static final String ANSWER = "hello from the backend";

  private final KubeServer server;
  private final String namespace;
  private final TestKubelet kubelet;
  private final HttpServer backend;

  private TestMesh(KubeServer server, String namespace, KubeletTiming timing) throws IOException {
    this.server = server;
    this.namespace = namespace;
    backend = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    backend.start();
    kubelet = TestKubelet.start(server, timing, namespace);
  }

  static TestMesh start(KubeServer server, String namespace) {
    return start(server, namespace, KubeletTiming.USUAL);
  }

  static TestMesh start(KubeServer server, String namespace, KubeletTiming timing) {
    try {
      return new TestMesh(server, namespace, timing);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  TestKubelet kubelet() {
    return kubelet;
  }

  /** A peer that drains at once. */
  static String peer(String name, int replicas) {
    return """
        ---
        apiVersion: opsproxy.io/v1alpha1
        kind: ProxyPeer
        metadata: {name: %s}
        spec: {replicas: %d, drain: {delay: 0s, timeout: 1s}}
        """
        .formatted(name, replicas);
  }

  /** A peer that dials another one of the namespace. */
  static String peer(String name, int replicas, String remote) {
    return peer(name, replicas)
        .replace("spec: {", "spec: {remotePeers: [{peerRef: {name: " + remote + "}}], ");
  }

  /** {@code NAME.example.com} at the backend. */
  String service(String name, String peer) {
    return """
        ---
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

  List<Pod> pods(String peer) {
    return server
        .client()
        .pods()
        .inNamespace(namespace)
        .withLabel(Labels.INSTANCE, peer)
        .list()
        .getItems();
  }

  /** The answer of a pod to a request for this host, or the problem. */
  String get(Pod pod, String host) {
    return get(pod, 6443, host, "/");
  }

  /** One of the status pages of a pod, or the problem. */
  String page(Pod pod, String path) {
    return get(pod, 9090, "localhost", path);
  }

  /** Lines of the metrics page of a pod that begin so and are not 0. */
  List<String> metric(Pod pod, String begin) {
    return page(pod, "/metrics")
        .lines()
        .filter(line -> line.startsWith(begin) && !line.endsWith(" 0.0"))
        .toList();
  }

  private String get(Pod pod, int port, String host, String path) {
    try (Socket socket = new Socket(kubelet.addressOf(pod), port)) {
      socket.setSoTimeout(5_000);
      String head = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      try (InputStream in = socket.getInputStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Override
  public void close() {
    kubelet.close();
    backend.stop(0);
  }
}
