package io.opsproxy.operator.peer;

import java.util.function.LongSupplier;

/**
 * How often the configuration of a peer is written: the first change at once, then with a pause
 * that grows while changes keep coming, so that hundreds of objects applied together are a few
 * writes. Not thread-safe.
 */
final class WritePace {
  private static final long SHORTEST_NANOS = 250_000_000L;
  private static final long LONGEST_NANOS = 2_000_000_000L;

  private final LongSupplier nanos;
  private boolean written;
  private long last;
  private long pause = SHORTEST_NANOS;

  /**
   * @param nanos a clock such as System::nanoTime
   */
  WritePace(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Nanoseconds until the next write may happen; 0 for now. */
  long waitNanos() {
    return written ? Math.max(0, last + pause - nanos.getAsLong()) : 0;
  }

  /** It happens now. */
  void write() {
    long now = nanos.getAsLong();
    boolean burst = written && now - last < 2 * pause;
    pause = burst ? Math.min(LONGEST_NANOS, 2 * pause) : SHORTEST_NANOS;
    written = true;
    last = now;
  }
}
