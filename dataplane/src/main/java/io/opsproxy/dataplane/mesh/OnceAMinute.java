package io.opsproxy.dataplane.mesh;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** For a line of the log that anybody could have written thousands of times. Any thread. */
final class OnceAMinute {
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
  private final LongSupplier nanos;
  private final AtomicLong last;

  /**
   * @param nanos a clock that only goes forward
   */
  OnceAMinute(LongSupplier nanos) {
    this.nanos = nanos;
    last = new AtomicLong(nanos.getAsLong() - MINUTE);
  }

  boolean isDue() {
    long now = nanos.getAsLong();
    long before = last.get();
    return now - before >= MINUTE && last.compareAndSet(before, now);
  }
}
