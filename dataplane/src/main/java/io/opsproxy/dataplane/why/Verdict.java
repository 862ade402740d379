package io.opsproxy.dataplane.why;

import java.util.List;

/**
 * Whether a client that asks for a name would be served by this peer now, and why.
 *
 * @param name as it was asked for
 * @param steps from the name to the backend
 */
public record Verdict(String name, List<Step> steps) {
  public Verdict {
    steps = List.copyOf(steps);
  }

  /** Whether no step failed. */
  public boolean served() {
    return steps.stream().noneMatch(step -> step.result() == Result.FAIL);
  }
}
