package io.opsproxy.operator.testing;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodReadinessGate;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What a kubelet reports of a pod; functions without side effects. */
final class PodStatuses {
  private PodStatuses() {}

  /** Whether the API calls this pod Ready. */
  static boolean isReady(Pod pod) {
    return hasCondition(pod, "Ready");
  }

  /** Now, as the API writes it: whole seconds. */
  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /**
   * The status that follows from its containers.
   *
   * @param pod as the API server has it; its readiness gates are read
   * @param before what was reported last, null at first
   */
  static PodStatus of(Pod pod, String address, List<ContainerStatus> containers, PodStatus before) {
    List<String> unready =
        containers.stream().filter(c -> !c.getReady()).map(ContainerStatus::getName).toList();
    List<String> closedGates =
        pod.getSpec().getReadinessGates().stream()
            .map(PodReadinessGate::getConditionType)
            .filter(gate -> !hasCondition(pod, gate))
            .toList();
    boolean running =
        containers.stream()
            .anyMatch(c -> c.getRestartCount() > 0 || c.getState().getWaiting() == null);
    String containersMessage =
        unready.isEmpty() ? null : "containers with unready status: " + unready;
    List<PodCondition> conditions = new ArrayList<>();
    conditions.add(condition("PodScheduled", true, null, null, before));
    conditions.add(condition("Initialized", true, null, null, before));
    conditions.add(
        condition(
            "ContainersReady", unready.isEmpty(), "ContainersNotReady", containersMessage, before));
    conditions.add(
        unready.isEmpty()
            ? condition(
                "Ready",
                closedGates.isEmpty(),
                "ReadinessGatesNotReady",
                "readiness gates not open: " + closedGates,
                before)
            : condition("Ready", false, "ContainersNotReady", containersMessage, before));
    return new PodStatusBuilder()
        .withPhase(running ? "Running" : "Pending")
        .withHostIP("127.0.0.1")
        .withPodIP(address)
        .withPodIPs(new PodIP(address))
        .withStartTime(before == null ? now() : before.getStartTime())
        .withConditions(conditions)
        .withContainerStatuses(containers)
        .withQosClass(pod.getStatus() == null ? null : pod.getStatus().getQosClass())
        .build();
  }

  private static PodCondition condition(
      String type, boolean value, String reason, String message, PodStatus before) {
    String status = value ? "True" : "False";
    String since =
        before == null
            ? now()
            : before.getConditions().stream()
                .filter(c -> c.getType().equals(type) && c.getStatus().equals(status))
                .map(PodCondition::getLastTransitionTime)
                .findFirst()
                .orElseGet(PodStatuses::now);
    return new PodConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withReason(value ? null : reason)
        .withMessage(value ? null : message)
        .withLastTransitionTime(since)
        .build();
  }

  private static boolean hasCondition(Pod pod, String type) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(c -> c.getType().equals(type) && c.getStatus().equals("True"));
  }
}
