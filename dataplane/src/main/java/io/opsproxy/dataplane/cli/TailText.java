package io.opsproxy.dataplane.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** One line of {@code tail} for people. Pure. */
final class TailText {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  private TailText() {}

  /**
   * @param event as {@code /tail} has it
   */
  static String line(Json event) {
    boolean over = event.text("event").equals("close");
    StringBuilder line =
        new StringBuilder()
            .append(time(event.text("time")))
            .append(over ? "  close  " : "  open   ")
            .append(event.text("id"))
            .append("  ")
            .append(orDash(event.text("name")))
            .append("  ")
            .append(orDash(event.text("client")))
            .append(" -> ")
            .append(orDash(event.text("upstream")));
    if (over) {
      line.append("  up ")
          .append(bytes(number(event.text("bytesReceived"))))
          .append(", down ")
          .append(bytes(number(event.text("bytesSent"))))
          .append("  ")
          .append(duration(number(event.text("durationMillis"))));
      if (!event.text("flags").isEmpty()) {
        line.append("  ").append(event.text("flags")).append(": ").append(event.text("reason"));
      }
    }
    return line.toString();
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private static String time(String text) {
    try {
      return TIME.format(Instant.parse(text).atZone(ZoneId.systemDefault()));
    } catch (DateTimeParseException e) {
      return text;
    }
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  private static String bytes(long count) {
    if (count < 1024) {
      return count + " B";
    }
    double scaled = count;
    int unit = -1;
    while (scaled >= 1024 && unit < 3) {
      scaled /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %ciB", scaled, "KMGT".charAt(unit));
  }

  private static String duration(long millis) {
    if (millis < 1000) {
      return millis + " ms";
    }
    Duration whole = Duration.ofMillis(millis);
    return whole.toMinutes() == 0
        ? String.format(Locale.ROOT, "%.1f s", millis / 1000.0)
        : whole.toHours() + "h" + whole.toMinutesPart() + "m" + whole.toSecondsPart() + "s";
  }
}
