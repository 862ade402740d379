package io.opsproxy.dataplane.config.value;

import java.time.Duration;

/** How durations are written in configuration: {@code 5s}, {@code 500ms}, {@code 1h30m}. */
public final class Durations {
  /** Nanoseconds of a second. */
  public static final long SECOND = 1_000_000_000L;

  /** No number at all. */
  public static final long NONE = -1;

  private static final long MAX = 366L * 24 * 3600 * SECOND;

  private Durations() {}

  /**
   * Reads a duration of 0 to 366 days; a number without unit is seconds.
   *
   * @throws IllegalArgumentException with a sentence that names the text and what is wrong with it
   */
  public static Duration parse(String text) {
    return parse(text, true);
  }

  /** The same, where zero may be refused. */
  public static Duration parse(String text, boolean zeroAllowed) {
    String trimmed = text.strip();
    boolean negative = trimmed.startsWith("-");
    long nanos = sum(negative ? trimmed.substring(1) : trimmed);
    if (nanos == NONE) {
      throw new IllegalArgumentException(Quoted.of(text) + ": not a duration");
    }
    return checked(nanos, negative, zeroAllowed, text);
  }

  /** The duration, if it is within the bounds. */
  public static Duration checked(long nanos, boolean negative, boolean zeroAllowed, String text) {
    if (negative || (nanos == 0 && !zeroAllowed)) {
      throw new IllegalArgumentException(
          Quoted.of(text) + (zeroAllowed ? ": must not be negative" : ": must be more than 0"));
    }
    if (nanos > MAX) {
      throw new IllegalArgumentException(Quoted.of(text) + ": must be at most 366 days");
    }
    return Duration.ofNanos(nanos);
  }

  /** The sum of the parts of {@code 1h30m}; a lone number is seconds. */
  private static long sum(String text) {
    long lone = number(text, SECOND);
    if (lone != NONE || text.isEmpty()) {
      return lone;
    }
    long sum = 0;
    int position = 0;
    while (position < text.length()) {
      int unit = position;
      while (unit < text.length() && !isLetter(text.charAt(unit))) {
        unit++;
      }
      int end = unit;
      while (end < text.length() && isLetter(text.charAt(end))) {
        end++;
      }
      long nanos = unit(text.substring(unit, end));
      long number = nanos == NONE ? NONE : number(text.substring(position, unit), nanos);
      if (number == NONE) {
        return NONE;
      }
      sum = plus(sum, number);
      position = end;
    }
    return sum;
  }

  /** Both are non-negative; anything above the bound is as good as any other. */
  public static long plus(long a, long b) {
    return Math.min(a, MAX + 1) + Math.min(b, MAX + 1);
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static long unit(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us" -> 1_000;
      case "ms" -> 1_000_000;
      case "s" -> SECOND;
      case "m" -> 60 * SECOND;
      case "h" -> 3600 * SECOND;
      default -> NONE;
    };
  }

  /**
   * Digits with at most one point between them, times the unit, rounded down; {@link #NONE} for
   * anything else, {@code 1e9} included. What is beyond the bound stays beyond it.
   */
  public static long number(String text, long unit) {
    int point = text.indexOf('.');
    String whole = point < 0 ? text : text.substring(0, point);
    String fraction = point < 0 ? "0" : text.substring(point + 1);
    if (!HostPort.isDigits(whole) || !HostPort.isDigits(fraction)) {
      return NONE;
    }
    long nanos = 0;
    for (int i = 0; i < whole.length() && nanos <= MAX / unit; i++) {
      nanos = nanos * 10 + (whole.charAt(i) - '0');
    }
    nanos = nanos > MAX / unit ? MAX + 1 : nanos * unit;
    long place = unit;
    for (int i = 0; i < fraction.length() && place > 0; i++) {
      place /= 10;
      nanos += place * (fraction.charAt(i) - '0');
    }
    return nanos;
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
