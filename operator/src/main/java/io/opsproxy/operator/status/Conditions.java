package io.opsproxy.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Conditions of a status, by the conventions of the Kubernetes API. Stateless. */
public final class Conditions {
  /** Bound of the API machinery. */
  private static final int MAX_MESSAGE = 32_768;

  private Conditions() {}

  /**
   * The conditions to write: a time of transition moves only when the value does, and a condition
   * that says the same as before is the same object, so that a status that has not changed compares
   * as equal.
   *
   * @param before those of the present status; may be null
   */
  public static List<Condition> merge(
      List<Condition> before, List<Finding> findings, Long generation, Instant now) {
    List<Condition> merged = new ArrayList<>();
    for (Finding finding : findings) {
      Optional<Condition> old = find(before, finding.type());
      boolean same = old.isPresent() && old.get().getStatus().equals(finding.state().text());
      merged.add(
          new ConditionBuilder()
              .withType(finding.type().text())
              .withStatus(finding.state().text())
              .withReason(finding.reason().text())
              .withMessage(bounded(finding.message()))
              .withObservedGeneration(generation)
              .withLastTransitionTime(
                  same
                      ? old.get().getLastTransitionTime()
                      : now.truncatedTo(ChronoUnit.SECONDS).toString())
              .build());
    }
    return merged;
  }

  /** The condition of this type; conditions may be null. */
  public static Optional<Condition> find(List<Condition> conditions, ConditionType type) {
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(one -> type.text().equals(one.getType())).findFirst();
  }

  /**
   * The sum: False with the first that does not hold or holds in part, else Unknown with the first
   * that is not known, else True.
   *
   * @param parts what decides about serving, the most telling first
   */
  public static Finding ready(List<Finding> parts) {
    for (Finding part : parts) {
      boolean partly = part.reason() == Reason.PARTIAL_NAME_CONFLICT;
      if (part.state() == State.FALSE || partly) {
        return part.as(ConditionType.READY, State.FALSE);
      }
    }
    for (Finding part : parts) {
      if (part.state() == State.UNKNOWN) {
        return part.as(ConditionType.READY, State.UNKNOWN);
      }
    }
    return Finding.of(ConditionType.READY, Reason.READY);
  }

  private static String bounded(String message) {
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE - 1) + "…";
  }
}
