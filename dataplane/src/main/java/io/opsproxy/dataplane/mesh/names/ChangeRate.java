package io.opsproxy.dataplane.mesh.names;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How often a peer may change its names over one link: {@value #FREE} times at once, and {@value
 * #PER_SECOND} times a second in the long run. Then it is slowed, and when that does not stop it,
 * after {@value #SLOWED} changes more it has to go. A configuration that is edited, or written by a
 * program, is far below that. On the link's loop.
 */
public final class ChangeRate {
  static final int FREE = 100;
  static final int SLOWED = 100;
  static final int PER_SECOND = 2;
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanos;
  private double left = FREE + SLOWED;
  private long at;

  /**
   * @param nanos a clock that only goes forward
   */
  public ChangeRate(LongSupplier nanos) {
    this.nanos = nanos;
    at = nanos.getAsLong();
  }

  /** Counts a change. */
  public void changed() {
    long now = nanos.getAsLong();
    left = Math.min(FREE + SLOWED, left + (now - at) / SECOND * PER_SECOND) - 1;
    at = now;
  }

  /** How long the peer waits before its next line is read. */
  public Duration pause() {
    return left < SLOWED ? PAUSE : Duration.ZERO;
  }

  /** Whether the peer has to go. */
  public boolean isExceeded() {
    return left < 0;
  }
}
