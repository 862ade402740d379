package io.opsproxy.operator.apply;

import java.time.Duration;

/** Pauses that double from a second to a minute. Pure function. */
public final class Backoff {
  private static final long LONGEST_SECONDS = 60;

  private Backoff() {}

  /**
   * The pause after an attempt.
   *
   * @param attempts that came to nothing until now, from 1
   */
  public static Duration after(int attempts) {
    return Duration.ofSeconds(Math.min(LONGEST_SECONDS, 1L << Math.min(6, attempts - 1)));
  }
}
