package io.opsproxy.dataplane.mesh.v2;

/**
 * What became of a name that was told.
 *
 * @param reason empty when it is in force, else the word of the metric
 * @param message for people, with the way out; empty as well
 */
record Answer(String reason, String message) {
  static final Answer TAKEN = new Answer("", "");

  boolean isTaken() {
    return reason.isEmpty();
  }
}
