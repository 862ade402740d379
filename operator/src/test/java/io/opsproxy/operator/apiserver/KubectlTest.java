package io.opsproxy.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.opsproxy.operator.testing.ApiReplica;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.LeashedProcess;
import io.opsproxy.operator.testing.RealApiServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kubectl, and clients as controllers have them, with two real API servers of one cluster behind a
 * peer that runs from an Envoy user's files.
 */
@RealApiServer
final class KubectlTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int RUNS = 6;

  @TempDir private Path directory;
  private final KubeServer server;
  private final String namespace;
  private final List<ApiReplica> replicas = new ArrayList<>();
  private final List<LeashedProcess> processes = new ArrayList<>();
  private ApiReplica one;
  private ApiReplica two;
  private SeedPeer peer;

  KubectlTest(KubeServer server) {
    this.server = server;
    namespace = server.newNamespace("kubectl");
  }

  private void start() {
    one = replica();
    two = replica();
    peer = new SeedPeer(directory, List.of(one, two), List.of(two));
    awaitFlags(one, "healthy");
    awaitFlags(two, "healthy");
  }

  private ApiReplica replica(String... flags) {
    ApiReplica replica = server.replica(flags);
    replicas.add(replica);
    return replica;
  }

  @AfterEach
  void close() {
    processes.forEach(LeashedProcess::close);
    if (peer != null) {
      peer.close();
    }
    replicas.forEach(ApiReplica::close);
  }

  private void awaitFlags(ApiReplica replica, String flags) {
    await("health").atMost(DEADLINE).until(() -> peer.stat(replica, "health_flags").equals(flags));
  }

  // kubectl

  private LeashedProcess kubectl(int cluster, String... arguments) {
    List<String> command = server.kubectlCommand(arguments);
    assumeThat(Files.isExecutable(Path.of(command.get(0)))).as("kubectl is built").isTrue();
    command.add("--server=" + peer.url(cluster));
    command.add("--namespace=" + namespace);
    Path log = directory.resolve("kubectl-" + processes.size() + ".log");
    LeashedProcess process = LeashedProcess.start("kubectl", log, null, command);
    processes.add(process);
    return process;
  }

  /** Each run is a process and a connection of its own; all have to go well. */
  private void assertRuns(int cluster) {
    for (int i = 0; i < RUNS; i++) {
      LeashedProcess run = kubectl(cluster, "get", "namespace", "default", "--output=name");
      assertThat(run.ended()).succeedsWithin(DEADLINE).as(run.log()).isEqualTo(0);
      assertThat(run.log()).isEqualTo("namespace/default\n");
    }
  }

  private ConfigMap create(String name, String text) {
    return server
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(namespace)
                .endMetadata()
                .withData(Map.of("text", text))
                .build())
        .create();
  }

  /** A watch of the namespace's ConfigMaps whose connection goes to this server. */
  private LeashedProcess watchAt(ApiReplica replica) {
    for (int i = 0; i < 4; i++) {
      int before = peer.active(replica);
      LeashedProcess watch =
          kubectl(1, "get", "configmaps", "--watch", "--output=name", "--request-timeout=0");
      awaitLine(watch, "configmap/kube-root-ca.crt");
      if (peer.active(replica) > before) {
        return watch;
      }
    }
    throw new AssertionError("no connection goes to " + replica.port());
  }

  private static void awaitLine(LeashedProcess process, String line) {
    await(line)
        .atMost(DEADLINE)
        .until(
            () -> {
              assertThat(process.isAlive()).as(process.log()).isTrue();
              return process.log().lines().anyMatch(line::equals);
            });
  }

  @Test
  void requestsAndWatchesOutliveTheDeathOfAServer() {
    start();
    assertRuns(1);
    assertRuns(2);
    assertThat(peer.connected(one)).isPositive();
    assertThat(peer.connected(two)).isPositive();
    LeashedProcess watch = watchAt(two);
    try (ShortRequests load = new ShortRequests(peer.port(1), server.config())) {
      one.kill();
      long dead = System.nanoTime();
      load.awaitMore();
      assertRuns(1);
      create("after-the-death", "");
      awaitLine(watch, "configmap/after-the-death");
      assertThat(one.start()).isTrue();
      awaitFlags(one, "healthy");
      int before = peer.connected(one);
      load.awaitMore();
      assertThat(peer.connected(one)).isGreaterThan(before);
      load.assertOnlyFailedBefore(dead);
    }
    create("after-the-return", "");
    awaitLine(watch, "configmap/after-the-return");
  }

  /** As {@code kubectl logs -f}: one answer that goes on and on, while the other server dies. */
  @Test
  void aLongStreamArrivesWhole() {
    start();
    String text = "0123456789abcdef".repeat(16 * 1024);
    int before = peer.active(two);
    LeashedProcess stream = null;
    while (peer.active(two) == before) {
      stream =
          kubectl(1, "get", "--raw", "/api/v1/namespaces/" + namespace + "/configmaps?watch=true");
      LeashedProcess opened = stream;
      await().atMost(DEADLINE).until(() -> opened.log().contains("kube-root-ca.crt"));
    }
    one.kill();
    int events = 40;
    for (int i = 0; i < events; i++) {
      create("part-" + i, text);
    }
    LeashedProcess followed = stream;
    await()
        .atMost(DEADLINE)
        .until(() -> followed.log().contains("\"name\":\"part-" + (events - 1) + "\""));
    List<String> added =
        followed.log().lines().filter(line -> line.contains("\"name\":\"part-")).toList();
    assertThat(added).hasSize(events);
    for (int i = 0; i < events; i++) {
      assertThat(added.get(i).contains("\"name\":\"part-" + i + "\"")).isTrue();
      assertThat(added.get(i).contains("\"text\":\"" + text + "\"")).isTrue();
    }
    assertThat(followed.isAlive()).isTrue();
  }

  // clients as controllers have them

  @Test
  void anInformerWhoseServerDiesGoesOnAtTheOther() {
    start();
    Config through = new ConfigBuilder(server.config()).withMasterUrl(peer.url(1)).build();
    Set<String> seen = ConcurrentHashMap.newKeySet();
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(through).build();
        SharedIndexInformer<ConfigMap> informer =
            client.configMaps().inNamespace(namespace).inform(adding(seen))) {
      create("before", "");
      await().atMost(DEADLINE).until(() -> seen.contains("before"));
      ApiReplica itsServer = peer.active(one) > 0 ? one : two;
      itsServer.kill();
      create("meanwhile", "");
      await().atMost(DEADLINE).until(() -> seen.contains("meanwhile"));
      create("after", "");
      await().atMost(DEADLINE).until(() -> seen.contains("after"));
      assertThat(informer.isRunning()).isTrue();
    }
  }

  private static ResourceEventHandler<ConfigMap> adding(Set<String> seen) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(ConfigMap added) {
        seen.add(added.getMetadata().getName());
      }

      @Override
      public void onUpdate(ConfigMap before, ConfigMap after) {}

      @Override
      public void onDelete(ConfigMap deleted, boolean unknown) {}
    };
  }

  // checks that are refused

  /** Such a server is well, and its clients have tokens: it is used nevertheless, and explained. */
  @Test
  void aServerThatRefusesAnonymousChecksIsUsedAndTheLogSaysWhatToDo() {
    ApiReplica strict = replica("--anonymous-auth=false");
    ApiReplica other = replica();
    peer = new SeedPeer(directory, List.of(strict), List.of(other));
    awaitFlags(strict, "/failed_active_hc");
    awaitFlags(other, "healthy");
    assertThat(peer.log())
        .contains("127.0.0.1:" + strict.port() + " is unhealthy: GET /healthz over TLS: status 401")
        .contains("it refuses anonymous requests")
        .contains("add 401 to expected_statuses");
    assertRuns(1);
    var bindings = server.client().rbac().clusterRoleBindings();
    ClusterRoleBinding mayRead = bindings.withName("system:public-info-viewer").get();
    bindings.resource(mayRead).delete();
    try {
      awaitFlags(other, "/failed_active_hc");
    } finally {
      mayRead.getMetadata().setResourceVersion(null);
      bindings.resource(mayRead).create();
    }
    assertThat(peer.log())
        .contains("127.0.0.1:" + other.port() + " is unhealthy: GET /healthz over TLS: status 403")
        .contains("add 403 to expected_statuses");
    assertRuns(2);
    awaitFlags(other, "healthy");
  }
}
