package io.opsproxy.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.status.Reason;
import java.time.Duration;
import java.util.Collection;

/**
 * Why a child is not as it should be.
 *
 * @param reason of the condition
 * @param text for people: names the child and the cause
 */
public record Trouble(Reason reason, String text) {
  /** An object that is not ours has the name. */
  static Trouble foreign(HasMetadata child, String lacks) {
    return new Trouble(
        Reason.NOT_OWNED,
        describe(child) + " exists and belongs to somebody else: it lacks " + lacks);
  }

  /** The server said no, or could not. */
  static Trouble of(HasMetadata child, KubernetesClientException e) {
    return new Trouble(
        isRefusal(e) ? Reason.CHILD_REFUSED : Reason.APPLY_FAILED,
        describe(child) + ": " + words(e));
  }

  /** Somebody undoes what we write. */
  static Trouble contested(
      HasMetadata child, Collection<String> rivals, int times, Duration window) {
    return new Trouble(
        Reason.CONTESTED,
        describe(child)
            + " was changed back "
            + times
            + " times within "
            + window.toMinutes()
            + " minutes: somebody else writes it as well"
            + (rivals.isEmpty()
                ? ", perhaps a second operator"
                : " (field managers: " + String.join(", ", rivals) + ")"));
  }

  /**
   * Invalid, or forbidden by a quota, a policy or a missing right: not before somebody changes
   * something.
   */
  private static boolean isRefusal(KubernetesClientException e) {
    return e.getCode() == 400 || e.getCode() == 403 || e.getCode() == 422;
  }

  public static String words(KubernetesClientException e) {
    if (e.getStatus() != null && e.getStatus().getMessage() != null) {
      return e.getStatus().getMessage();
    }
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  static String describe(HasMetadata object) {
    return object.getKind() + " " + ObjectKey.of(object);
  }
}
