package io.opsproxy.operator.live;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.app.OperatorProcess;
import io.opsproxy.operator.app.OperatorSettings;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Conditions;
import io.opsproxy.operator.testing.KubeServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionFactory;

/**
 * An operator over one namespace of a real API server, or over all, and what a user does with it.
 */
final class TestOperator implements AutoCloseable {
  private final KubeServer server;
  private final String namespace;
  private final List<String> watched;
  private final KubernetesClient client;
  private final KubernetesClient itsOwn;
  private OperatorProcess process;

  private TestOperator(
      KubeServer server, String namespace, List<String> watched, KubernetesClient itsOwn) {
    this.server = server;
    this.namespace = namespace;
    this.watched = watched;
    this.itsOwn = itsOwn;
    client = server.client();
  }

  static TestOperator start(KubeServer server, String namespace) throws IOException {
    return start(server, namespace, server.client());
  }

  /** One that reaches the server through this client. */
  static TestOperator start(KubeServer server, String namespace, KubernetesClient itsOwn)
      throws IOException {
    return start(new TestOperator(server, namespace, List.of(namespace), itsOwn));
  }

  /** One that watches everything; objects are those of this namespace nevertheless. */
  static TestOperator startForAll(KubeServer server, String namespace) throws IOException {
    return start(none(server, namespace));
  }

  /**
   * One that watches everything with the rights of the deployed role alone; objects are those of
   * this namespace, in which its account and its lease are as well.
   */
  static TestOperator startDeployed(KubeServer server, String namespace) throws IOException {
    return start(
        new TestOperator(server, namespace, List.of(), DeployedRole.client(server, namespace)));
  }

  /** Only what the user does; the operator runs elsewhere. */
  static TestOperator none(KubeServer server, String namespace) {
    return new TestOperator(server, namespace, List.of(), server.client());
  }

  private static TestOperator start(TestOperator operator) throws IOException {
    operator.restart();
    return operator;
  }

  /** As after a crash: without anything of the one before. */
  void restart() throws IOException {
    stop();
    process =
        new OperatorProcess(
            itsOwn,
            new OperatorSettings(
                watched,
                new InetSocketAddress("127.0.0.1", 0),
                false,
                "test",
                namespace,
                "lease",
                Optional.empty(),
                "image"));
  }

  void stop() {
    if (process != null) {
      process.close();
      process = null;
    }
  }

  /** Looks at a peer again, as if something had changed. */
  void trigger(String peer) {
    process.peer(new ObjectKey(namespace, peer));
  }

  /** A value of the metrics page, of the first line that begins so; 0 when there is none. */
  double metric(String begin) {
    return page("/metrics")
        .lines()
        .filter(line -> line.startsWith(begin))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(0);
  }

  /** One of the status pages of the operator. */
  String page(String path) {
    URI address = URI.create("http://127.0.0.1:" + process.adminPort() + path);
    try {
      HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
      boolean well = connection.getResponseCode() < 400;
      try (InputStream in = well ? connection.getInputStream() : connection.getErrorStream()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Applies objects as {@code kubectl apply --server-side} does. */
  void apply(String yaml) {
    apply(namespace, yaml);
  }

  /** The same in another namespace. */
  void apply(String namespace, String yaml) {
    client
        .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(
            item -> {
              item.getMetadata().setNamespace(namespace);
              client.resource(item).forceConflicts().serverSideApply();
            });
  }

  /** Applies them in one call of kubectl. */
  void kubectlApply(String yaml) {
    kubectl(yaml, "apply", "--server-side");
  }

  /** Makes an object of the cluster just this. */
  void replace(String yaml) {
    kubectl(yaml, "replace");
  }

  private void kubectl(String yaml, String... command) {
    try {
      Path file = Files.createTempFile("ops-proxy", ".yaml");
      try {
        Files.writeString(file, yaml);
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of("-n", namespace, "-f", file.toString()));
        server.kubectl(arguments.toArray(String[]::new));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ProxyPeer peer(String name) {
    return client.resources(ProxyPeer.class).inNamespace(namespace).withName(name).get();
  }

  ExposedService service(String name) {
    return service(namespace, name);
  }

  ExposedService service(String namespace, String name) {
    return client.resources(ExposedService.class).inNamespace(namespace).withName(name).get();
  }

  /** The configuration of a peer's pods; empty while there is none. */
  String config(String peer) {
    ConfigMap map = child(ConfigMap.class, peer + "-config");
    return map == null ? "" : map.getData().get("config.yaml");
  }

  <T extends HasMetadata> T child(Class<T> kind, String name) {
    return client.resources(kind).inNamespace(namespace).withName(name).get();
  }

  /**
   * Kind, name and version of all objects of the namespace that have a label, sorted; events, which
   * go by themselves, are not among them.
   *
   * @param label {@code key=value}; empty for any
   */
  List<String> objects(String label) {
    return server
        .kubectl(
            "get",
            kinds(),
            "--namespace=" + namespace,
            "--selector=" + label,
            "--output=jsonpath={range .items[*]}{.kind}/{.metadata.name}"
                + " {.metadata.resourceVersion}{\"\\n\"}{end}")
        .lines()
        .filter(line -> line.indexOf('/') > 0 && !line.startsWith("Warning"))
        .sorted()
        .toList();
  }

  private String kinds() {
    return server
        .kubectl("api-resources", "--namespaced", "--verbs=list", "--output=name")
        .lines()
        .filter(kind -> !kind.startsWith("events") && !kind.startsWith("leases"))
        .collect(Collectors.joining(","));
  }

  /** {@code STATUS/Reason}; empty while the condition is not there. */
  String peerCondition(String name, ConditionType type) {
    ProxyPeer peer = peer(name);
    return peer.getStatus() == null ? "" : text(peer.getStatus().conditions(), type);
  }

  /** {@code STATUS/Reason}; empty while the condition is not there. */
  String serviceCondition(String name, ConditionType type) {
    return serviceCondition(namespace, name, type);
  }

  String serviceCondition(String namespace, String name, ConditionType type) {
    ExposedService service = service(namespace, name);
    return service.getStatus() == null ? "" : text(service.getStatus().conditions(), type);
  }

  String peerMessage(String name, ConditionType type) {
    return Conditions.find(peer(name).getStatus().conditions(), type).orElseThrow().getMessage();
  }

  String serviceMessage(String name, ConditionType type) {
    return serviceMessage(namespace, name, type);
  }

  String serviceMessage(String namespace, String name, ConditionType type) {
    return Conditions.find(service(namespace, name).getStatus().conditions(), type)
        .orElseThrow()
        .getMessage();
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

  /** Also deletes the peers: no later test has to bear their pods. */
  @Override
  public void close() {
    client.resources(ProxyPeer.class).inNamespace(namespace).delete();
    stop();
  }
}
