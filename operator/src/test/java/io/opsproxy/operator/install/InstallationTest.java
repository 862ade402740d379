package io.opsproxy.operator.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Conditions;
import io.opsproxy.operator.testing.KubeRequest;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.MonitoringKinds;
import io.opsproxy.operator.testing.OperatorProgram;
import io.opsproxy.operator.testing.RealApiServer;
import io.opsproxy.operator.testing.TestKubelet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * {@code kubectl apply -k deploy/} is the whole installation, and its role is enough and no more:
 * the operator runs with exactly these rights, as its Deployment says, through all that happens to
 * objects; then the audit log of the API server is compared with the role.
 */
@RealApiServer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class InstallationTest {
  private static final String NAMESPACE = "ops-proxy-system";
  private static final String ACCOUNT = "ops-proxy-operator";
  private static final Set<String> MONITORS = Set.of("ServiceMonitor", "PrometheusRule");

  private final KubeServer server = KubeServer.start();
  private final KubernetesClient client = server.client();
  private final TestKubelet kubelet = TestKubelet.start(server, "demo");
  private final List<OperatorProgram> operators = new ArrayList<>();

  @BeforeAll
  void install() {
    MonitoringKinds.install(client);
    server.kubectl("apply", "-k", "../deploy");
    // The pods of this sample run; they must meet the restricted standard.
    server.kubectl("create", "namespace", "demo");
    server.kubectl("label", "namespace", "demo", "pod-security.kubernetes.io/enforce=restricted");
  }

  @AfterAll
  void stop() {
    operators.forEach(OperatorProgram::close);
    kubelet.close();
    server.close();
  }

  private static ConditionFactory eventually() {
    return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100));
  }

  private Deployment deployment() {
    return client.apps().deployments().inNamespace(NAMESPACE).withName(ACCOUNT).get();
  }

  private ProxyPeer peer(String namespace, String name) {
    return client.resources(ProxyPeer.class).inNamespace(namespace).withName(name).get();
  }

  private static boolean isTrue(ProxyPeer peer, ConditionType type) {
    return peer.getStatus() != null
        && Conditions.find(peer.getStatus().conditions(), type)
            .filter(one -> one.getStatus().equals("True"))
            .isPresent();
  }

  private void patchPeer(String name, String spec) {
    client
        .resources(ProxyPeer.class)
        .inNamespace("demo")
        .withName(name)
        .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":" + spec + "}");
  }

  private int monitors(String kind) {
    return MonitoringKinds.count(client, kind, "demo");
  }

  @Test
  @Order(1)
  void aSecondApplyChangesNothing() {
    assertThat(server.kubectl("apply", "-k", "../deploy").lines())
        .hasSizeGreaterThan(8)
        .allMatch(line -> line.endsWith("unchanged"));
  }

  @Test
  @Order(2)
  void theOperatorsPodsMeetTheRestrictedStandardThatItsNamespaceEnforces() {
    assertThat(client.namespaces().withName(NAMESPACE).get().getMetadata().getLabels())
        .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
    eventually()
        .until(
            () ->
                client.pods().inNamespace(NAMESPACE).list().getItems().size()
                    == deployment().getSpec().getReplicas());
  }

  @Test
  @Order(3)
  void theOperatorServesTheSamplesWithTheRightsOfItsAccountAlone() {
    Container container = deployment().getSpec().getTemplate().getSpec().getContainers().get(0);
    for (int i = 0; i < deployment().getSpec().getReplicas(); i++) {
      operators.add(
          OperatorProgram.start(
              server.kubeconfigAs(NAMESPACE, ACCOUNT),
              container,
              Map.of("metadata.name", "operator-" + i, "metadata.namespace", NAMESPACE)));
    }
    operators.forEach(operator -> eventually().until(operator::isReady));
    server.kubectl("apply", "-f", "../deploy/samples");

    for (ProxyPeer peer : client.resources(ProxyPeer.class).inAnyNamespace().list().getItems()) {
      String namespace = peer.getMetadata().getNamespace();
      String name = peer.getMetadata().getName();
      eventually().until(() -> isTrue(peer(namespace, name), ConditionType.ACCEPTED));
      assertThat(isTrue(peer(namespace, name), ConditionType.RESOLVED_REFS)).isTrue();
    }
    eventually().until(() -> isTrue(peer("demo", "edge"), ConditionType.READY));
    eventually()
        .untilAsserted(
            () ->
                assertThat(
                        client.resources(ExposedService.class).inAnyNamespace().list().getItems())
                    .isNotEmpty()
                    .allMatch(
                        one ->
                            one.getStatus() != null
                                && Conditions.find(
                                        one.getStatus().conditions(), ConditionType.ACCEPTED)
                                    .filter(it -> it.getStatus().equals("True"))
                                    .isPresent()));
  }

  @Test
  @Order(4)
  void nothingThatHappensToObjectsIsRefusedAndNoRightIsLeftUnused() {
    patchPeer("edge", "{\"monitoring\":{\"podMonitor\":\"Enabled\"}}");
    eventually().until(() -> monitors("PodMonitor") == 1);
    eventually().until(() -> MONITORS.stream().allMatch(kind -> monitors(kind) == 1));
    patchPeer(
        "edge",
        """
        {"replicas": 1, "monitoring": {"serviceMonitor": "Disabled", "podMonitor": "Disabled",
         "prometheusRule": "Disabled", "dashboard": "Disabled"}}
        """);
    eventually().until(() -> monitors("PodMonitor") == 0);
    eventually().until(() -> MONITORS.stream().allMatch(kind -> monitors(kind) == 0));
    eventually()
        .until(
            () -> client.policy().v1().podDisruptionBudget().inNamespace("demo").list().getItems(),
            List::isEmpty);
    eventually().until(() -> isTrue(peer("demo", "edge"), ConditionType.READY));

    server.kubectl("delete", "-n", "demo", "exsvc", "--all");
    eventually().until(() -> isTrue(peer("demo", "edge"), ConditionType.READY));
    server.kubectl("delete", "-n", "demo", "ppeer", "--all");
    eventually().until(() -> client.pods().inNamespace("demo").list().getItems(), List::isEmpty);

    List<KubeRequest> requests = server.requestsOf(NAMESPACE, ACCOUNT);
    assertThat(requests).filteredOn(request -> request.code() == 403).isEmpty();
    Set<String> used = used(requests);
    // Asked for by an admission plugin, whose questions are in no log.
    used.add("proxypeers/finalizers.opsproxy.io update");
    // Only when the authority is renewed, after years.
    used.add("secrets update");
    // Only what is said twice within minutes.
    used.add("events.events.k8s.io patch");
    assertThat(granted()).containsExactlyElementsOf(used);
  }

  /** Verbs and resources of both roles, a line each. */
  private Set<String> granted() {
    List<PolicyRule> rules = new ArrayList<>();
    rules.addAll(client.rbac().clusterRoles().withName(ACCOUNT).get().getRules());
    rules.addAll(client.rbac().roles().inNamespace(NAMESPACE).withName(ACCOUNT).get().getRules());
    Set<String> granted = new TreeSet<>();
    for (PolicyRule rule : rules) {
      for (String group : rule.getApiGroups()) {
        for (String resource : rule.getResources()) {
          rule.getVerbs().forEach(verb -> granted.add(right(verb, group, resource)));
        }
      }
    }
    return granted;
  }

  /** What the requests needed: a patch that makes an object needs the right to create it, too. */
  private static Set<String> used(List<KubeRequest> requests) {
    Set<String> used = new TreeSet<>();
    for (KubeRequest request : requests) {
      // What every account may ask of itself and of what the server offers is in no role of ours.
      if (!request.resource().isEmpty()) {
        used.add(right(request.verb(), request.group(), request.resource()));
        if (request.verb().equals("patch") && request.code() == 201) {
          used.add(right("create", request.group(), request.resource()));
        }
      }
    }
    return used;
  }

  private static String right(String verb, String group, String resource) {
    return resource + (group.isEmpty() ? "" : "." + group) + " " + verb;
  }

  @Test
  @Order(5)
  void theStandbyTakesOverAtOnceWhenTheLeaderIsTerminated() {
    List<OperatorProgram> leaders =
        operators.stream().filter(one -> one.log().contains("(this one)")).toList();
    assertThat(leaders).hasSize(1);
    OperatorProgram standby =
        operators.stream().filter(one -> !leaders.contains(one)).findFirst().orElseThrow();
    assertThat(leaders.get(0).terminate()).isIn(0, 143);
    await()
        // Without the lease given back it is 15 s.
        .atMost(Duration.ofSeconds(10))
        .until(() -> standby.log().contains("(this one)"));
    server.kubectl("apply", "-f", "../deploy/samples/smallest.yaml");
    eventually().until(() -> isTrue(peer("demo", "edge"), ConditionType.READY));
  }
}
