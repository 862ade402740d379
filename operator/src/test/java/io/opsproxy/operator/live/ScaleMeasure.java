package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestOperator.eventually;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Conditions;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.OperatorProgram;
import io.opsproxy.operator.testing.RealApiServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What the operator costs with many objects, as a process with the deployed role: {@code
 * bench/operator-scale} runs it and prints the figures. No test: nothing is promised here.
 */
@RealApiServer
final class ScaleMeasure {
  private static final int OBJECTS = Integer.getInteger("scale.objects", 1_000);
  private static final int PEERS = Integer.getInteger("scale.peers", 10);
  private static final int ROUNDS = 5;
  private static final Path FIGURES = Path.of("target", "operator-scale.txt");

  private final KubeServer server = KubeServer.start();
  private final String namespace = server.newNamespace("scale");
  private final KubernetesClient client = server.client();
  private final StringBuilder figures = new StringBuilder();

  @Test
  void measure() throws Exception {
    DeployedRole.install(server, namespace);
    try (TestMesh mesh = TestMesh.start(server, namespace);
        OperatorProgram program =
            OperatorProgram.start(
                server.kubeconfigAs(namespace, DeployedRole.ACCOUNT),
                Map.of("POD_NAME", "operator", "POD_NAMESPACE", namespace, "PEER_IMAGE", "image"),
                "operator")) {
      TestOperator user = TestOperator.none(server, namespace);
      eventually().until(program::isReady);
      for (int i = 0; i < PEERS; i++) {
        // What 10,000 names need; the heap follows the limit.
        user.apply(
            TestMesh.peer("edge-" + i, 1)
                .replace("spec: {", "spec: {template: {resources: {limits: {memory: 1Gi}}}, "));
      }
      say("objects %d, peers %d", OBJECTS, PEERS);
      long start = System.nanoTime();
      create(user, mesh);
      say("created in %.1f s", seconds(start));
      eventually()
          .atMost(Duration.ofMinutes(8))
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> ready() == OBJECTS);
      say("all Ready %.1f s after the first was created", seconds(start));
      say("operator: %d MiB resident, %.1f s CPU", program.residentMib(), program.cpuSeconds());

      double[] changes = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        changes[i] = change(user, mesh, i);
      }
      Arrays.sort(changes);
      say(
          "one change, applied to Ready: median %.2f s of %s",
          changes[ROUNDS / 2], Arrays.toString(changes));

      double cpu = program.cpuSeconds();
      int requests = server.requestsOf(namespace, DeployedRole.ACCOUNT).size();
      long rest = System.nanoTime();
      eventually().pollInterval(Duration.ofSeconds(1)).until(() -> seconds(rest) > 20);
      say(
          "at rest for 20 s: %d requests, %.2f s CPU, %d MiB resident",
          server.requestsOf(namespace, DeployedRole.ACCOUNT).size() - requests,
          program.cpuSeconds() - cpu,
          program.residentMib());
      server.requestsOf(namespace, DeployedRole.ACCOUNT).stream()
          .skip(requests)
          .collect(
              Collectors.groupingBy(
                  one -> one.verb() + " " + one.resource(), Collectors.counting()))
          .forEach((what, count) -> say("  %d %s", count, what));
      sizes(user, mesh);
    } finally {
      Files.createDirectories(FIGURES.getParent());
      Files.writeString(FIGURES, figures);
      server.close();
    }
  }

  private void sizes(TestOperator user, TestMesh mesh) {
    ConfigMap map = user.child(ConfigMap.class, "edge-0-config");
    say("ConfigMap: %d bytes", client.getKubernetesSerialization().asJson(map).length());
    Pod pod = mesh.pods("edge-0").get(0);
    say(
        "a peer: /status %d bytes, /metrics %d bytes, %d MiB resident",
        mesh.page(pod, "/status").length(),
        mesh.page(pod, "/metrics").length(),
        mesh.kubelet().residentMib(pod));
  }

  private void create(TestOperator user, TestMesh mesh) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < OBJECTS; i++) {
      String yaml = mesh.service("web-" + i, "edge-" + i % PEERS);
      all.add(threads.submit(() -> user.apply(yaml)));
    }
    for (Future<?> one : all) {
      one.get();
    }
    threads.shutdown();
  }

  private int ready() {
    return (int)
        client.resources(ExposedService.class).inNamespace(namespace).list().getItems().stream()
            .filter(ScaleMeasure::isReady)
            .count();
  }

  private static boolean isReady(ExposedService service) {
    return service.getStatus() != null
        && Conditions.find(service.getStatus().conditions(), ConditionType.READY)
            .filter(one -> one.getStatus().equals("True"))
            .filter(
                one -> one.getObservedGeneration().equals(service.getMetadata().getGeneration()))
            .isPresent();
  }

  private double change(TestOperator user, TestMesh mesh, int round) {
    String name = "web-" + round;
    String yaml =
        mesh.service(name, "edge-" + round % PEERS)
            .replace("[" + name + ".example.com]", "[" + name + ".changed.example.com]");
    long start = System.nanoTime();
    user.apply(yaml);
    eventually()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> user.service(name), ScaleMeasure::isReady);
    return Math.round(seconds(start) * 100) / 100.0;
  }

  private static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }

  private void say(String format, Object... values) {
    String line = String.format(Locale.ROOT, format, values) + "\n";
    System.out.print(line);
    figures.append(line);
  }
}
