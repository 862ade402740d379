package io.opsproxy.dataplane.peer;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what other threads do, by looking again and again. */
final class Waiting {
  private static final long POLL_MILLIS = 20;

  private Waiting() {}

  /**
   * @return false when it was not done in time, or when this thread was interrupted
   */
  static boolean until(Duration most, BooleanSupplier done) {
    long deadline = System.nanoTime() + most.toNanos();
    while (!done.getAsBoolean()) {
      if (deadline - System.nanoTime() <= 0) {
        return false;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(Math.min(POLL_MILLIS, most.toMillis() + 1));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
