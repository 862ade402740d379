package io.opsproxy.dataplane.why;

import java.util.Locale;

/** What one step of an explanation came to. */
public enum Result {
  /** As it should be. */
  OK,
  /** It looks wrong, and does not keep this client from being served. */
  WARN,
  /** A client is not served because of it; the first one is the root cause. */
  FAIL,
  /** Not reached, or not looked at. */
  SKIPPED;

  private final String word = name().toLowerCase(Locale.ROOT);

  /** As {@code /why} has it. */
  public String word() {
    return word;
  }
}
