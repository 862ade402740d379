package io.opsproxy.dataplane.config;

import java.time.Duration;
import java.util.Optional;

/**
 * A time span: a number of seconds (the seed's way), a number with a unit ({@code 500ms}, {@code
 * 1h30m}), or Envoy's {@code {seconds: 5, nanos: 0}}. At most 366 days. Reckoned in whole
 * nanoseconds; BigDecimal would cost 20 ms of the start.
 */
final class DurationType extends ValueType<Duration> {
  private static final long SECOND = 1_000_000_000L;
  private static final long MAX = 366L * 24 * 3600 * SECOND;

  /** No number at all. */
  private static final long NONE = -1;

  private final boolean zeroAllowed;

  DurationType(boolean zeroAllowed) {
    super("duration", "write seconds, such as 5 or 0.5, or a duration such as 500ms, 5s, 2m, 1h");
    this.zeroAllowed = zeroAllowed;
  }

  @Override
  boolean emptyIsUnset() {
    return false;
  }

  @Override
  Duration parse(String text) {
    String trimmed = text.strip();
    boolean negative = trimmed.startsWith("-");
    long nanos = sum(negative ? trimmed.substring(1) : trimmed);
    if (nanos == NONE) {
      throw new IllegalArgumentException(Quoted.of(text) + ": not a duration");
    }
    return checked(nanos, negative, text);
  }

  @Override
  Optional<Duration> read(YamlNode node, Source at, String subject, Problems problems) {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      return super.read(node, at, subject, problems);
    }
    long seconds = part(mapping, "seconds", SECOND);
    long nanos = part(mapping, "nanos", 1);
    int known = (mapping.get("seconds") == null ? 0 : 1) + (mapping.get("nanos") == null ? 0 : 1);
    if (seconds == NONE || nanos == NONE || known == 0 || known != mapping.entries().size()) {
      problems.error(at, subject + "not a duration", "write {seconds: 5, nanos: 0}, or 5s");
      return Optional.empty();
    }
    try {
      return Optional.of(checked(plus(seconds, nanos), false, "seconds and nanos"));
    } catch (IllegalArgumentException e) {
      problems.error(at, subject + e.getMessage(), remedy());
      return Optional.empty();
    }
  }

  /** Zero when absent, {@link #NONE} when it is no number. */
  private static long part(YamlNode.Mapping mapping, String key, long unit) {
    YamlNode node = mapping.get(key);
    if (node == null) {
      return 0;
    }
    return node instanceof YamlNode.Scalar scalar ? number(scalar.text(), unit) : NONE;
  }

  private Duration checked(long nanos, boolean negative, String text) {
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
  private static long plus(long a, long b) {
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
  private static long number(String text, long unit) {
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
}
