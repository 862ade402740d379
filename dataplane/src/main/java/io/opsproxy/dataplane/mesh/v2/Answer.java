package io.opsproxy.dataplane.mesh.v2;

import io.opsproxy.dataplane.trust.Refusal;

/**
 * What became of a name that was told.
 *
 * @param reason empty when it is in force, else the word of the metric
 * @param message for people, with the way out; empty as well
 */
record Answer(String reason, String message) {
  static final Answer TAKEN = new Answer("", "");

  /** There is no room for it. */
  static final Answer LIMIT = new Answer("limit", "this peer remembers no more names");

  /** This peer serves it itself. */
  static final Answer SERVED_HERE =
      new Answer(
          Refusal.NAME_TAKEN.word(),
          "this peer serves it by its own configuration, which comes first");

  /** Its owner has no grant for it. */
  static Answer mayNotOwn(String owner) {
    return new Answer(
        Refusal.NAME_NOT_ALLOWED.word(),
        "the trust of this peer does not let "
            + owner
            + " own it; add it to names of its entry of mesh.trust there");
  }

  boolean isTaken() {
    return reason.isEmpty();
  }
}
