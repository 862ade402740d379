package io.opsproxy.dataplane.mesh.v2;

import java.util.concurrent.TimeUnit;

/**
 * How many data connections are to be parked: half as many again as are opened in the time that it
 * takes to get another, between {@value #LEAST} and {@value #MOST}. Pure; not thread-safe.
 */
final class PoolSize {
  static final int LEAST = 4;
  static final int MOST = 256;
  private static final long WINDOW = TimeUnit.SECONDS.toNanos(1);

  /** Dial, handshake and token, with room for a slow way. */
  private static final double REFILL_SECONDS = 0.2;

  private long windowBegan;
  private int opened;
  private double perSecond;

  /**
   * @param now of a clock that only goes forward, in nanoseconds
   */
  PoolSize(long now) {
    windowBegan = now;
  }

  /** A stream was opened. */
  void opened(long now) {
    roll(now);
    opened++;
  }

  private void roll(long now) {
    long passed = now - windowBegan;
    if (passed >= WINDOW) {
      double rate = opened * (double) TimeUnit.SECONDS.toNanos(1) / passed;
      // up at once, down by half a second
      perSecond = Math.max(rate, perSecond / 2);
      opened = 0;
      windowBegan = now;
    }
  }

  /** How many there should be now. */
  int target(long now) {
    roll(now);
    double rate = Math.max(perSecond, opened);
    return (int) Math.max(LEAST, Math.min(MOST, Math.ceil(1.5 * rate * REFILL_SECONDS)));
  }
}
