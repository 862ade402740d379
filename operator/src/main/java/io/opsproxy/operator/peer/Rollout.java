package io.opsproxy.operator.peer;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.opsproxy.operator.observe.PodView;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the pods are those of the present template. Pods of the template before run the same
 * configuration and serve, so that nothing else would show that new ones cannot be started. Pure
 * functions.
 */
final class Rollout {
  private Rollout() {}

  /**
   * What keeps Ready from being True; empty when the rollout is done.
   *
   * @param deployment as the cluster has it, if it has one
   * @param written whether it was just written, so that this one is old
   */
  static Optional<Finding> finding(
      Optional<Deployment> deployment, int desired, boolean written, List<PodView> pods) {
    if (deployment.isEmpty()) {
      // That there are no pods says enough.
      return Optional.empty();
    }
    DeploymentStatus status = deployment.get().getStatus();
    Long generation = deployment.get().getMetadata().getGeneration();
    boolean observed =
        !written
            && status != null
            && status.getObservedGeneration() != null
            && status.getObservedGeneration() >= generation;
    if (!observed) {
      return Optional.of(pending("the cluster has not begun with the present template"));
    }
    int updated = number(status.getUpdatedReplicas());
    int total = number(status.getReplicas());
    if (updated >= desired && total <= updated) {
      return Optional.empty();
    }
    List<String> causes = causes(status, pods);
    String how = updated + " of " + desired + " pods have the present template";
    return Optional.of(
        causes.isEmpty()
            ? pending(how)
            : Finding.of(
                ConditionType.READY,
                Reason.ROLLOUT_STUCK,
                how + ", and it cannot go on: " + String.join("; ", causes)));
  }

  private static Finding pending(String message) {
    return Finding.of(ConditionType.READY, Reason.PENDING, "rollout: " + message);
  }

  private static List<String> causes(DeploymentStatus status, List<PodView> pods) {
    List<String> causes = new ArrayList<>();
    for (DeploymentCondition condition : status.getConditions()) {
      boolean failure =
          condition.getType().equals("ReplicaFailure") && condition.getStatus().equals("True");
      boolean late =
          condition.getType().equals("Progressing") && condition.getStatus().equals("False");
      if (failure || late) {
        causes.add(condition.getMessage());
      }
    }
    for (PodView pod : pods) {
      if (!pod.ready() && pod.isStuck()) {
        causes.add("pod " + pod.name() + " waits: " + pod.waiting());
      }
    }
    return causes;
  }

  private static int number(Integer value) {
    return value == null ? 0 : value;
  }
}
