package io.opsproxy.dataplane.mesh.link;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Full jitter: each pause is drawn from zero to a bound that doubles from 200 ms up to a cap, so
 * that peers that lost the same remote at the same moment do not come back at the same moment.
 */
final class Backoff {
  /** A link that lived this long starts the count anew when it goes. */
  static final Duration HEALTHY = Duration.ofSeconds(30);

  private static final Duration FIRST = Duration.ofMillis(200);
  private static final int MOST_DOUBLINGS = 20;
  private final RandomGenerator random;
  private int attempts;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  void reset() {
    attempts = 0;
  }

  long nextNanos(Duration cap) {
    long bound = Math.min(cap.toNanos(), FIRST.toNanos() << Math.min(attempts, MOST_DOUBLINGS));
    attempts++;
    return random.nextLong(bound + 1);
  }
}
