package io.opsproxy.operator.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What tests of the operator may rely on; also shows how they are written. */
@RealApiServer
final class TestKubeletTest {
  private static final String FIRST = "peer: {peer_name: one}\n";
  private static final String SECOND = "peer: {peer_name: two}\n";

  private final KubernetesClient client;
  private final String namespace;
  private final TestKubelet kubelet;

  TestKubeletTest(KubeServer server) {
    client = server.client();
    namespace = server.newNamespace("kubelet");
    kubelet = TestKubelet.start(server, namespace);
  }

  @BeforeEach
  void configure() {
    write(FIRST);
  }

  @AfterEach
  void close() {
    kubelet.close();
  }

  @Test
  void deploymentOfPeersBecomesReadyAndIsFoundByName() throws IOException {
    client
        .resource(
            new ServiceBuilder()
                .withNewMetadata()
                .withName("edge-peers")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withClusterIP("None")
                .withSelector(Map.of("app", "edge"))
                .addNewPort()
                .withPort(6443)
                .endPort()
                .endSpec()
                .build())
        .create();
    deploy(2, "image");

    List<Pod> pods = readyPods(2);

    assertThat(pods)
        .extracting(pod -> pod.getStatus().getPodIP())
        .doesNotHaveDuplicates()
        .allSatisfy(address -> assertThat(address).startsWith("127."));
    for (Pod pod : pods) {
      assertThat(pod.getStatus().getPhase()).isEqualTo("Running");
      assertThat(hash(pod)).isEqualTo(sha256(FIRST));
      assertThat(kubelet.log(pod)).contains(kubelet.addressOf(pod) + ":6443");
    }
    eventually()
        .untilAsserted(
            () ->
                assertThat(kubelet.lookUp("edge-peers." + namespace + ".svc"))
                    .containsExactlyInAnyOrderElementsOf(
                        pods.stream().map(pod -> pod.getStatus().getPodIP()).toList()));
  }

  @Test
  void changedConfigMapComesWithTheNextChangeOfThePodAndNotBefore() {
    deploy(1, "image");
    Pod pod = readyPods(1).get(0);
    eventually().until(() -> kubelet.isSettled(pod));
    write(SECOND);

    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(20))
        .until(() -> hash(pod).equals(sha256(FIRST)));
    client
        .pods()
        .inNamespace(namespace)
        .withName(pod.getMetadata().getName())
        .edit(p -> p.edit().editMetadata().addToAnnotations("nudge", "1").endMetadata().build());

    eventually().until(() -> hash(pod).equals(sha256(SECOND)));
  }

  @Test
  void killedPeerIsRestarted() {
    deploy(1, "image");
    Pod pod = readyPods(1).get(0);
    long before = kubelet.processes(pod).get(0);

    kubelet.kill(pod);

    eventually().until(() -> container(pod).getRestartCount() == 1);
    readyPods(1);
    assertThat(kubelet.processes(pod)).doesNotContain(before);
    assertThat(container(pod).getLastState().getTerminated().getExitCode()).isEqualTo(128 + 9);
  }

  @Test
  void pausedPeerIsNotReadyUntilItGoesOn() {
    deploy(1, "image");
    Pod pod = readyPods(1).get(0);

    kubelet.pause(pod);
    eventually().until(() -> !container(pod).getReady());
    kubelet.resume(pod);

    readyPods(1);
    assertThat(container(pod).getRestartCount()).isZero();
  }

  @Test
  void deletedPodIsDrainedAndLeavesNoProcess() {
    deploy(1, "image");
    Pod pod = readyPods(1).get(0);
    long process = kubelet.processes(pod).get(0);

    client.apps().deployments().inNamespace(namespace).withName("edge").delete();

    eventually().until(() -> pods().isEmpty());
    assertThat(ProcessHandle.of(process).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void endWaitsForThePreStopHook() {
    create("lifecycle: {preStop: {sleep: {seconds: 3}}}");
    Pod pod = readyPods(1).get(0);
    long process = kubelet.processes(pod).get(0);

    client.resource(pod).delete();

    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(20))
        .until(() -> ProcessHandle.of(process).isPresent());
    eventually().until(() -> pods().isEmpty());
    assertThat(ProcessHandle.of(process)).isEmpty();
  }

  @Test
  void failingLivenessProbeRestarts() {
    create("livenessProbe: {tcpSocket: {port: 1}, periodSeconds: 1, failureThreshold: 1}");
    eventually()
        .until(
            () ->
                pods().get(0).getStatus().getContainerStatuses().stream()
                    .anyMatch(container -> container.getRestartCount() >= 1));
  }

  @Test
  void podWaitsForItsConfigMap() {
    client.configMaps().inNamespace(namespace).withName("edge-config").delete();
    deploy(1, "image");
    eventually()
        .until(
            () ->
                pods().stream()
                    .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                    .anyMatch(c -> c.getState().getWaiting().getMessage() != null));
    write(FIRST);
    readyPods(1);
  }

  @Test
  void missingImageIsReportedAsKubeletDoes() {
    deploy(1, "does-not-exist:1");
    eventually()
        .until(
            () ->
                pods().stream()
                    .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                    .anyMatch(
                        c ->
                            c.getState().getWaiting() != null
                                && c.getState()
                                    .getWaiting()
                                    .getReason()
                                    .equals("ImagePullBackOff")));
  }

  // ---- details -------------------------------------------------------------------------------

  private static ConditionFactory eventually() {
    return await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(100));
  }

  private void write(String config) {
    client
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withName("edge-config")
                .withNamespace(namespace)
                .endMetadata()
                .addToData("config.yaml", config)
                .build())
        .forceConflicts()
        .serverSideApply();
  }

  private void deploy(int replicas, String image) {
    Deployment deployment =
        Serialization.unmarshal(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: edge}
            spec:
              replicas: %d
              selector: {matchLabels: {app: edge}}
              template:
                metadata: {labels: {app: edge}}
                spec:
                  automountServiceAccountToken: false
                  terminationGracePeriodSeconds: 30
                  containers:
                  - name: peer
                    image: "%s"
                    args: [--config.file=/etc/ops-proxy/config.yaml]
                    ports:
                    - {name: proxy, containerPort: 6443}
                    - {name: metrics, containerPort: 9090}
                    env:
                    - name: POD_IP
                      valueFrom: {fieldRef: {fieldPath: status.podIP}}
                    readinessProbe:
                      httpGet: {path: /readyz, port: metrics}
                      periodSeconds: 1
                      failureThreshold: 1
                    livenessProbe:
                      httpGet: {path: /healthz, port: metrics}
                      periodSeconds: 10
                    volumeMounts:
                    - {name: config, mountPath: /etc/ops-proxy}
                  volumes:
                  - name: config
                    configMap: {name: edge-config}
            """
                .formatted(replicas, image),
            Deployment.class);
    client.resource(deployment).inNamespace(namespace).create();
  }

  /** A pod with a process that does nothing, and with more of a container's fields. */
  private void create(String field) {
    Pod pod =
        Serialization.unmarshal(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: idle}
            spec:
              containers:
              - name: idle
                image: any
                command: [sleep, "1000"]
                %s
            """
                .formatted(field),
            Pod.class);
    client.resource(pod).inNamespace(namespace).create();
  }

  private List<Pod> pods() {
    return client.pods().inNamespace(namespace).list().getItems();
  }

  private List<Pod> readyPods(int count) {
    eventually()
        .until(() -> pods().size() == count && pods().stream().allMatch(PodStatuses::isReady));
    return pods();
  }

  private ContainerStatus container(Pod pod) {
    return client
        .pods()
        .inNamespace(namespace)
        .withName(pod.getMetadata().getName())
        .get()
        .getStatus()
        .getContainerStatuses()
        .get(0);
  }

  private String hash(Pod pod) throws IOException {
    URI status = URI.create("http://" + kubelet.addressOf(pod) + ":9090/status");
    try (InputStream stream = status.toURL().openStream()) {
      JsonNode page = new ObjectMapper().readTree(stream);
      return page.at("/config/hash").asText();
    }
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
