package io.opsproxy.operator.status;

/** The three values of a condition. */
public enum State {
  TRUE("True"),
  FALSE("False"),
  UNKNOWN("Unknown");

  private final String text;

  State(String text) {
    this.text = text;
  }

  /** As it stands in a status. */
  public String text() {
    return text;
  }
}
