package io.opsproxy.dataplane.config.problem;

/** What an unknown key of a file is. */
public enum Strictness {
  /** One that is near a known key is a typo, and an error; any other a warning. */
  USUAL,
  /** A warning: what pods run with, so that an older peer takes the file of a newer operator. */
  LENIENT,
  /** An error. */
  STRICT
}
