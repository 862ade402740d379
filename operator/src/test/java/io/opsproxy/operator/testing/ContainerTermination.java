package io.opsproxy.operator.testing;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;

/** How the end of a process is reported. */
final class ContainerTermination {
  private ContainerTermination() {}

  /**
   * @param code of the process; 128 and the signal that ended it
   */
  static ContainerState of(int code, String startedAt) {
    return new ContainerStateBuilder()
        .withNewTerminated()
        .withExitCode(code)
        .withReason(code == 0 ? "Completed" : "Error")
        .withStartedAt(startedAt)
        .withFinishedAt(PodStatuses.now())
        .endTerminated()
        .build();
  }
}
