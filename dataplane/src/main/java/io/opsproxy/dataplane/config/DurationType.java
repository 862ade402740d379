package io.opsproxy.dataplane.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * A time span: a number of seconds (the seed's way), a number with a unit ({@code 500ms}, {@code
 * 1h30m}), or Envoy's {@code {seconds: 5, nanos: 0}}. At most 366 days.
 */
final class DurationType extends ValueType<Duration> {
  private static final Duration MAX = Duration.ofDays(366);
  private static final int MAX_DIGITS = 24;

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
    BigDecimal seconds = trimmed.startsWith("-") ? BigDecimal.ONE.negate() : seconds(trimmed);
    if (seconds == null) {
      throw new IllegalArgumentException(Quoted.of(text) + ": not a duration");
    }
    return checked(seconds, text);
  }

  @Override
  Optional<Duration> read(YamlNode node, Source at, String subject, Problems problems) {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      return super.read(node, at, subject, problems);
    }
    BigDecimal whole = part(mapping, "seconds");
    BigDecimal nanos = part(mapping, "nanos");
    int known = (mapping.get("seconds") == null ? 0 : 1) + (mapping.get("nanos") == null ? 0 : 1);
    if (whole == null || nanos == null || known == 0 || known != mapping.entries().size()) {
      problems.error(at, subject + "not a duration", "write {seconds: 5, nanos: 0}, or 5s");
      return Optional.empty();
    }
    try {
      return Optional.of(checked(whole.add(nanos.movePointLeft(9)), whole + "s " + nanos + "ns"));
    } catch (IllegalArgumentException e) {
      problems.error(at, subject + e.getMessage(), remedy());
      return Optional.empty();
    }
  }

  /** Zero when absent, null when it is no number. */
  private static BigDecimal part(YamlNode.Mapping mapping, String key) {
    YamlNode node = mapping.get(key);
    if (node == null) {
      return BigDecimal.ZERO;
    }
    return node instanceof YamlNode.Scalar scalar ? number(scalar.text()) : null;
  }

  private Duration checked(BigDecimal seconds, String text) {
    if (seconds.compareTo(BigDecimal.valueOf(MAX.toSeconds())) > 0) {
      throw new IllegalArgumentException(Quoted.of(text) + ": must be at most 366 days");
    }
    long nanos = seconds.movePointRight(9).longValue();
    if (seconds.signum() < 0 || (nanos == 0 && !zeroAllowed)) {
      throw new IllegalArgumentException(
          Quoted.of(text) + (zeroAllowed ? ": must not be negative" : ": must be more than 0"));
    }
    return Duration.ofNanos(nanos);
  }

  /**
   * The sum of the parts of {@code 1h30m}, in seconds; a lone number is seconds; null if neither.
   */
  private static BigDecimal seconds(String text) {
    BigDecimal lone = number(text);
    if (lone != null) {
      return lone;
    }
    BigDecimal sum = BigDecimal.ZERO;
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
      BigDecimal factor = factor(text.substring(unit, end));
      BigDecimal number = number(text.substring(position, unit));
      if (factor == null || number == null) {
        return null;
      }
      sum = sum.add(number.multiply(factor));
      position = end;
    }
    return text.isEmpty() ? null : sum;
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static BigDecimal factor(String unit) {
    return switch (unit) {
      case "ns" -> BigDecimal.ONE.movePointLeft(9);
      case "us" -> BigDecimal.ONE.movePointLeft(6);
      case "ms" -> BigDecimal.ONE.movePointLeft(3);
      case "s" -> BigDecimal.ONE;
      case "m" -> BigDecimal.valueOf(60);
      case "h" -> BigDecimal.valueOf(3600);
      default -> null;
    };
  }

  /** Digits with at most one point between them; null for anything else, {@code 1e9} included. */
  private static BigDecimal number(String text) {
    int points = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.' && i > 0 && i < text.length() - 1) {
        points++;
      } else if (c < '0' || c > '9') {
        return null;
      }
    }
    return text.isEmpty() || points > 1 || text.length() > MAX_DIGITS ? null : new BigDecimal(text);
  }
}
