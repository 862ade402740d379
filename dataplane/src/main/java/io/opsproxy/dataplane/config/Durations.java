package io.opsproxy.dataplane.config;

import java.time.Duration;

/** How durations are written in configuration: {@code 5s}, {@code 500ms}, {@code 1h30m}. */
public final class Durations {
  private Durations() {}

  /**
   * Reads a duration of 0 to 366 days; a number without unit is seconds.
   *
   * @throws IllegalArgumentException with a sentence that names the text and what is wrong with it
   */
  public static Duration parse(String text) {
    return ValueTypes.DURATION_OR_ZERO.parse(text);
  }

  /** The shortest text that {@link #parse} reads as this duration, which must not be negative. */
  public static String text(Duration duration) {
    long nanos = duration.toNanos();
    for (Unit unit : Unit.values()) {
      if (nanos % unit.nanos == 0 && (nanos > 0 || unit == Unit.SECONDS)) {
        return nanos / unit.nanos + unit.suffix;
      }
    }
    throw new IllegalStateException("a duration is a whole number of nanoseconds");
  }

  private enum Unit {
    HOURS(3_600_000_000_000L, "h"),
    MINUTES(60_000_000_000L, "m"),
    SECONDS(1_000_000_000L, "s"),
    MILLISECONDS(1_000_000L, "ms"),
    MICROSECONDS(1_000L, "us"),
    NANOSECONDS(1L, "ns");

    private final long nanos;
    private final String suffix;

    Unit(long nanos, String suffix) {
      this.nanos = nanos;
      this.suffix = suffix;
    }
  }
}
