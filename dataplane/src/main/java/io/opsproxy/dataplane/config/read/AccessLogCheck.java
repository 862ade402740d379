package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.value.AccessLogVocabulary;
import io.opsproxy.dataplane.config.value.Quoted;
import java.util.ArrayList;
import java.util.List;

/** Checks a format of Envoy's access log language ({@code %NAME(arguments):LENGTH%}). */
public final class AccessLogCheck {
  /** Conversions of strftime that the log can write. */
  private static final String TIME = "YymdjbaHMSFTzZ%sf";

  private static final int MAX_LENGTH_DIGITS = 9;

  private AccessLogCheck() {}

  /** Reports what Envoy would refuse, and once what a connection cannot have. */
  public static void check(String format, Source at, Problems problems) {
    List<String> http = new ArrayList<>();
    int position = format.indexOf('%');
    while (position >= 0) {
      int end = end(format, position);
      if (end < 0) {
        problems.error(
            at,
            "access log format is not readable at "
                + Quoted.of(format.substring(position, Math.min(format.length(), position + 30))),
            "write an operator such as %DURATION%, or %% for a percent sign");
        return;
      }
      String name = name(format, position + 1);
      if (AccessLogVocabulary.isHttp(name)) {
        if (!http.contains(name)) {
          http.add(name);
        }
      } else if (!name.isEmpty() && !AccessLogVocabulary.isKnown(name)) {
        problems.error(
            at, "access log operator " + Quoted.of(name) + " does not exist", remedy(name));
      }
      if (name.equals("START_TIME")) {
        checkTime(format.substring(position + 1, end - 1), at, problems);
      }
      position = format.indexOf('%', end);
    }
    if (!http.isEmpty()) {
      problems.warning(
          at,
          "access log operators of HTTP appear as - for TCP connections: "
              + String.join(", ", http),
          "leave them, or remove them from the format");
    }
  }

  /** The argument of {@code START_TIME} is a pattern of strftime. */
  private static void checkTime(String operator, Source at, Problems problems) {
    int position = operator.indexOf('%');
    while (position >= 0 && position + 2 < operator.length()) {
      char conversion = operator.charAt(position + 1);
      if (isDigit(conversion) && operator.charAt(position + 2) != ')') {
        position++;
        conversion = operator.charAt(position + 1);
      }
      if (TIME.indexOf(conversion) < 0) {
        problems.error(
            at,
            "access log operator START_TIME has the conversion "
                + Quoted.of("%" + conversion)
                + ", which is not known",
            "write one of %Y %m %d %H %M %S %3f %s %F %T %b %a %j %y %z %Z");
        return;
      }
      position = operator.indexOf('%', position + 2);
    }
  }

  /** Where the operator at a percent sign ends; -1 when it is none. */
  private static int end(String format, int start) {
    int position = start + 1 + name(format, start + 1).length();
    boolean named = position > start + 1;
    if (named && position < format.length() && format.charAt(position) == '(') {
      // Envoy: the arguments go to the first closing bracket, percent signs included.
      int close = format.indexOf(')', position);
      position = close < 0 ? format.length() : close + 1;
    }
    if (named && position < format.length() && format.charAt(position) == ':') {
      int digits = position + 1;
      position = digits;
      while (position < format.length() && isDigit(format.charAt(position))) {
        position++;
      }
      if (position == digits || position - digits > MAX_LENGTH_DIGITS) {
        return -1;
      }
    }
    return position < format.length() && format.charAt(position) == '%' ? position + 1 : -1;
  }

  private static String name(String format, int start) {
    int end = start;
    while (end < format.length() && isNameCharacter(format.charAt(end))) {
      end++;
    }
    return format.substring(start, end);
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static String remedy(String name) {
    String nearest = AccessLogVocabulary.nearest(name);
    return nearest == null
        ? "write an operator of Envoy's access log language"
        : "did you mean %" + nearest + "%?";
  }
}
