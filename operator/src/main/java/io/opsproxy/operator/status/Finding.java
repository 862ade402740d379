package io.opsproxy.operator.status;

/**
 * One condition as it should stand.
 *
 * @param type which
 * @param state its value; that of the reason, except that Ready carries the reason of what failed
 * @param reason why
 * @param message for people: names objects, the cause and the way out
 */
public record Finding(ConditionType type, State state, Reason reason, String message) {
  /** With the sentence of the reason. */
  public static Finding of(ConditionType type, Reason reason) {
    return of(type, reason, reason.meaning());
  }

  public static Finding of(ConditionType type, Reason reason, String message) {
    return new Finding(type, reason.state(), reason, message);
  }

  public boolean holds() {
    return state == State.TRUE;
  }

  /** Both: what does not hold is said of either. */
  public Finding and(Finding other) {
    if (holds() || other.holds()) {
      return holds() ? other : this;
    }
    return new Finding(type, state, reason, message + "; " + other.message);
  }

  /** The same said of another condition. */
  Finding as(ConditionType other, State value) {
    return new Finding(other, value, reason, message);
  }
}
