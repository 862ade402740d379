package io.opsproxy.operator.app;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * When a lease may be taken, and when one's own is lost. Only this process's monotonic clock is
 * read: the times that others write into a lease are texts that change, never times to compare
 * with, because clocks of machines differ. Not thread-safe.
 */
final class LeaseClock {
  /** A lease that was not renewed for so long, as one has seen it, is nobody's. */
  static final Duration LEASE = Duration.ofSeconds(10);

  /** Who could not renew for so long stops, well before anybody else may begin. */
  static final Duration DEADLINE = Duration.ofSeconds(7);

  private final LongSupplier nanos;
  private String version = "";
  private long seen;
  private long renewed;

  /**
   * @param nanos a clock such as System::nanoTime
   */
  LeaseClock(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** The lease has this version now. */
  void saw(String version) {
    if (!Objects.equals(version, this.version)) {
      this.version = version;
      seen = nanos.getAsLong();
    }
  }

  /** Until the lease that was seen may be taken; zero for now. */
  Duration untilFree() {
    return Duration.ofNanos(Math.max(0, seen + LEASE.toNanos() - nanos.getAsLong()));
  }

  /**
   * The lease is ours as of a request.
   *
   * @param sent when that was sent: nobody can have seen it earlier
   */
  void renewed(String version, long sent) {
    this.version = version;
    seen = nanos.getAsLong();
    renewed = sent;
  }

  /** Whether our own was not renewed in time. */
  boolean lost() {
    return nanos.getAsLong() - renewed >= DEADLINE.toNanos();
  }
}
