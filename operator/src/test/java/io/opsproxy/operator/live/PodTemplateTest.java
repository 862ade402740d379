package io.opsproxy.operator.live;

import static io.opsproxy.operator.live.TestMesh.ANSWER;
import static io.opsproxy.operator.live.TestOperator.eventually;
import static io.opsproxy.operator.status.ConditionType.ACCEPTED;
import static io.opsproxy.operator.status.ConditionType.READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pods and Services that users shape, with the deployed role. */
@RealApiServer
final class PodTemplateTest {
  private final KubeServer server;
  private final String namespace;
  private TestOperator operator;

  PodTemplateTest(KubeServer server) {
    this.server = server;
    namespace = server.newNamespace("template");
  }

  @BeforeEach
  void start() throws IOException {
    operator = TestOperator.startDeployed(server, namespace);
  }

  @AfterEach
  void stop() {
    operator.close();
  }

  private void peer(String spec) {
    operator.apply(
        """
        apiVersion: opsproxy.io/v1alpha1
        kind: ProxyPeer
        metadata: {name: edge}
        spec: {replicas: 1, drain: {delay: 0s, timeout: 1s}, %s}
        """
            .formatted(spec));
  }

  private PodSpec pod() {
    return operator.child(Deployment.class, "edge").getSpec().getTemplate().getSpec();
  }

  @Test
  void aPatchShapesThePodAndItServes() {
    server.kubectl("create", "configmap", "extra", "-n", namespace, "--from-literal=a=b");
    server.kubectl("create", "serviceaccount", "mine", "-n", namespace);
    try (TestMesh mesh = TestMesh.start(server, namespace)) {
      peer(
          """
          template: {fixedUser: false, serviceAccountName: mine,
            serviceAccountAnnotations: {example.com/role: peer},
            resources: {limits: {memory: 1Gi}},
            patch: {metadata: {labels: {app.kubernetes.io/instance: stolen, extra: "yes"}},
              spec: {securityContext: {supplementalGroups: [7]},
                volumes: [{name: extra, configMap: {name: extra}}],
                containers: [{name: peer, env: [{name: TZ, value: Asia/Tokyo}],
                  volumeMounts: [{name: extra, mountPath: /extra}]}]}}}""");
      operator.apply(mesh.service("web", "edge"));
      eventually().until(() -> operator.peerCondition("edge", READY).equals("True/Ready"));
      eventually()
          .until(() -> mesh.get(mesh.pods("edge").get(0), "web.example.com").contains(ANSWER));
    }
    PodSpec pod = pod();
    assertThat(pod.getServiceAccountName()).isEqualTo("mine");
    assertThat(pod.getSecurityContext().getRunAsUser()).isNull();
    assertThat(pod.getSecurityContext().getFsGroup()).isNull();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getSupplementalGroups()).containsExactly(7L);
    Container container = pod.getContainers().get(0);
    assertThat(container.getEnv())
        .anyMatch(one -> one.getName().equals("TZ") && one.getValue().equals("Asia/Tokyo"))
        .anyMatch(
            one -> one.getName().equals("JDK_JAVA_OPTIONS") && one.getValue().contains("-Xmx448m"))
        .anyMatch(one -> one.getName().equals("POD_NAME"));
    assertThat(container.getVolumeMounts()).hasSize(3);
    assertThat(
            operator
                .child(Deployment.class, "edge")
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getLabels())
        .containsEntry("extra", "yes")
        .containsEntry("app.kubernetes.io/instance", "edge");
    assertThat(operator.child(ServiceAccount.class, "edge").getMetadata().getAnnotations())
        .containsEntry("example.com/role", "peer");
  }

  @Test
  void aPatchThatMakesNoPodIsRefusedByItselfAndWhatRunsGoesOn() {
    peer("template: {labels: {a: b}}");
    eventually().until(() -> operator.peerCondition("edge", ACCEPTED).equals("True/Accepted"));
    for (String patch :
        new String[] {
          "{spec: {containers: {a: b}}}", "{spec: {containers: [{name: peer, $patch: delete}]}}"
        }) {
      peer("template: {labels: {a: b}, patch: " + patch + "}");
      long generation = operator.peer("edge").getMetadata().getGeneration();
      eventually()
          .until(() -> operator.peer("edge").getStatus().observedGeneration() == generation);
      assertThat(operator.peerCondition("edge", ACCEPTED)).isEqualTo("False/InvalidSpec");
      assertThat(operator.peerMessage("edge", ACCEPTED)).contains("spec.template.patch");
      assertThat(pod().getContainers()).hasSize(1);
    }
  }

  @Test
  void theServiceHasThePortThatIsAskedForAndThePodsKeepTheirs() {
    peer(
        "service: {type: LoadBalancer, port: 443, ipFamilyPolicy: SingleStack, internalTrafficPolicy:"
            + " Local, allocateLoadBalancerNodePorts: false}");
    eventually().until(() -> operator.peerCondition("edge", ACCEPTED).equals("True/Accepted"));
    Service service = operator.child(Service.class, "edge");
    assertThat(service.getSpec().getPorts().get(0).getPort()).isEqualTo(443);
    assertThat(service.getSpec().getPorts().get(0).getTargetPort().getIntVal()).isEqualTo(6443);
    assertThat(service.getSpec().getInternalTrafficPolicy()).isEqualTo("Local");
    assertThat(service.getSpec().getAllocateLoadBalancerNodePorts()).isFalse();
    eventually()
        .until(
            () -> operator.peer("edge").getStatus().addresses().get(0).value(),
            ("edge." + namespace + ".svc:443")::equals);
    operator.apply(
        """
        apiVersion: opsproxy.io/v1alpha1
        kind: ExposedService
        metadata: {name: web}
        spec: {peerRef: {name: edge}, listenerPort: 443, backend: {addresses: [{address: "10.0.0.1:80"}]}}
        """);
    eventually()
        .until(() -> operator.serviceCondition("web", ACCEPTED).equals("False/PortConflict"));
  }
}
