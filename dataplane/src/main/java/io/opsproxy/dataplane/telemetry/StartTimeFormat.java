package io.opsproxy.dataplane.telemetry;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * {@code %START_TIME%}: ISO 8601 with milliseconds in UTC, or the strftime pattern in its argument;
 * {@code %3f} and the like are fractions of a second in so many digits, as Envoy has them.
 */
final class StartTimeFormat {
  private static final DateTimeFormatter ISO_MILLIS = formatter("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
  private static final int NANO_DIGITS = 9;
  private final List<BiConsumer<Instant, StringBuilder>> pieces = new ArrayList<>();

  /**
   * @param argument strftime pattern; empty for ISO 8601
   * @throws IllegalArgumentException for a conversion that is not known
   */
  StartTimeFormat(String argument) {
    if (argument.isEmpty()) {
      pieces.add(ISO_MILLIS::formatTo);
      return;
    }
    int at = 0;
    while (at < argument.length()) {
      char c = argument.charAt(at);
      if (c != '%' || at + 1 == argument.length()) {
        pieces.add((time, line) -> line.append(c));
        at++;
        continue;
      }
      at++;
      int digits = 0;
      if (argument.charAt(at) >= '0' && argument.charAt(at) <= '9' && at + 1 < argument.length()) {
        digits = argument.charAt(at) - '0';
        at++;
      }
      pieces.add(piece(argument.charAt(at), digits == 0 ? NANO_DIGITS : digits));
      at++;
    }
  }

  void append(Instant time, StringBuilder line) {
    pieces.forEach(piece -> piece.accept(time, line));
  }

  private static BiConsumer<Instant, StringBuilder> piece(char conversion, int digits) {
    String pattern =
        switch (conversion) {
          case 'Y' -> "yyyy";
          case 'y' -> "yy";
          case 'm' -> "MM";
          case 'd' -> "dd";
          case 'j' -> "DDD";
          case 'b' -> "MMM";
          case 'a' -> "EEE";
          case 'H' -> "HH";
          case 'M' -> "mm";
          case 'S' -> "ss";
          case 'F' -> "yyyy-MM-dd";
          case 'T' -> "HH:mm:ss";
          case 'z' -> "xx";
          case 'Z' -> "'UTC'";
          case '%' -> "'%'";
          case 's', 'f' -> "";
          default ->
              throw new IllegalArgumentException(
                  "\"%" + conversion + "\": START_TIME knows no such conversion");
        };
    if (conversion == 's') {
      return (time, line) -> line.append(time.getEpochSecond());
    }
    if (conversion == 'f') {
      return (time, line) -> {
        String nanos = Long.toString(1_000_000_000L + time.getLong(ChronoField.NANO_OF_SECOND));
        line.append(nanos, 1, 1 + digits);
      };
    }
    return formatter(pattern)::formatTo;
  }

  private static DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }
}
