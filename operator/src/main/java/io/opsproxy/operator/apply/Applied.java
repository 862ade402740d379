package io.opsproxy.operator.apply;

import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What came of a peer's children.
 *
 * @param troubles of those that are not as they should be
 * @param pending kinds of those that were just written: what the caches say of them is old
 * @param again when to look again; empty when there is no need
 */
public record Applied(List<Trouble> troubles, List<String> pending, Optional<Duration> again) {
  private static final List<Reason> WORST_FIRST =
      List.of(Reason.NOT_OWNED, Reason.CHILD_REFUSED, Reason.APPLY_FAILED, Reason.CONTESTED);

  public Applied {
    troubles = List.copyOf(troubles);
    pending = List.copyOf(pending);
  }

  /** What is to be said of the peer; empty when all is well. */
  public Optional<Finding> finding() {
    return WORST_FIRST.stream()
        .filter(reason -> troubles.stream().anyMatch(one -> one.reason() == reason))
        .findFirst()
        .map(reason -> Finding.of(ConditionType.ACCEPTED, reason, message(reason)));
  }

  private String message(Reason worst) {
    String all =
        troubles.stream()
            .sorted((a, b) -> Boolean.compare(b.reason() == worst, a.reason() == worst))
            .map(Trouble::text)
            .collect(Collectors.joining("; "));
    return switch (worst) {
      case NOT_OWNED -> all + "; it is left alone. Delete or rename it, or rename the ProxyPeer";
      case CHILD_REFUSED -> "the API server refuses " + all;
      case APPLY_FAILED -> "the API server could not apply " + all + "; tried again";
      default -> all;
    };
  }
}
