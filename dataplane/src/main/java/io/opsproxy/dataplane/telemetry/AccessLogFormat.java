package io.opsproxy.dataplane.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Envoy's access log format language, compiled once to a list of appenders. Operators of HTTP are
 * accepted and write {@code -}, as in Envoy's TCP logs; an operator that Envoy does not have is
 * refused.
 */
public final class AccessLogFormat {
  /** Envoy's default for TCP, as far as its operators mean something here. */
  public static final String DEFAULT =
      "[%START_TIME%] %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% \"%UPSTREAM_HOST%\" %UPSTREAM_CLUSTER%"
          + " %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME%\n";

  private final List<BiConsumer<AccessRecord, StringBuilder>> parts = new ArrayList<>();

  private AccessLogFormat() {}

  /**
   * @throws IllegalArgumentException with a sentence that names the operator and what is wrong with
   *     it
   */
  public static AccessLogFormat text(String format) {
    AccessLogFormat compiled = new AccessLogFormat();
    compiled.compile(format, false);
    return compiled;
  }

  /**
   * One JSON object a line; values that are one numeric operator alone are numbers, unknown ones
   * are null.
   *
   * @throws IllegalArgumentException with a sentence that names the field and what is wrong with it
   */
  public static AccessLogFormat json(Map<String, String> fields) {
    AccessLogFormat compiled = new AccessLogFormat();
    String separator = "{";
    for (Map.Entry<String, String> field : fields.entrySet()) {
      StringBuilder key = new StringBuilder(separator);
      escapeJson(field.getKey(), key);
      compiled.literal(key.append(':').toString());
      AccessLogFormat value = new AccessLogFormat();
      value.compile(field.getValue(), true);
      compiled.parts.add(value::appendJson);
      separator = ",";
    }
    compiled.literal(fields.isEmpty() ? "{}\n" : "}\n");
    return compiled;
  }

  /** Writes one entry. */
  public void append(AccessRecord entry, StringBuilder line) {
    for (BiConsumer<AccessRecord, StringBuilder> part : parts) {
      part.accept(entry, line);
    }
  }

  private void appendJson(AccessRecord entry, StringBuilder line) {
    StringBuilder value = new StringBuilder();
    append(entry, value);
    boolean alone = parts.size() == 1;
    if (alone && value.length() == 1 && value.charAt(0) == '-') {
      line.append("null");
    } else if (alone && !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
      line.append(value);
    } else {
      escapeJson(value, line);
    }
  }

  private void compile(String format, boolean json) {
    int at = 0;
    while (at < format.length()) {
      int percent = format.indexOf('%', at);
      if (percent < 0) {
        literal(format.substring(at));
        return;
      }
      if (percent > at) {
        literal(format.substring(at, percent));
      }
      if (format.startsWith("%%", percent)) {
        literal("%");
        at = percent + 2;
        continue;
      }
      int end = endOf(format, percent);
      operator(format.substring(percent + 1, end), json);
      at = end + 1;
    }
  }

  /**
   * The closing percent sign; one within parentheses belongs to an argument, as in START_TIME(%s).
   */
  private static int endOf(String format, int percent) {
    boolean argument = false;
    for (int i = percent + 1; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c == '(') {
        argument = true;
      } else if (c == ')') {
        argument = false;
      } else if (c == '%' && !argument) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "\""
            + format.substring(percent)
            + "\": an operator ends with %; write %% for a percent sign");
  }

  private void operator(String text, boolean json) {
    int open = text.indexOf('(');
    String name = text.substring(0, open < 0 ? lengthMark(text) : open);
    String argument =
        open < 0 ? "" : text.substring(open + 1, Math.max(open + 1, text.lastIndexOf(')')));
    int limit = limit(text);
    if (name.equals("START_TIME")) {
      StartTimeFormat time = new StartTimeFormat(argument);
      parts.add((entry, line) -> time.append(entry.start, line));
      return;
    }
    Function<AccessRecord, String> value = AccessLogOperators.get(name);
    if (value == null && !AccessLogOperators.isUnknownHere(name)) {
      throw new IllegalArgumentException("\"%" + text + "%\": there is no such operator");
    }
    if (value == null) {
      literal("-");
      return;
    }
    parts.add(
        (entry, line) -> {
          String word = value.apply(entry);
          if (word == null) {
            line.append('-');
          } else {
            String cut = limit > 0 && word.length() > limit ? word.substring(0, limit) : word;
            if (json) {
              line.append(cut);
            } else {
              escapeText(cut, line);
            }
          }
        });
  }

  /** An optional {@code :N} after an operator bounds its length. */
  private static int lengthMark(String text) {
    int colon = text.indexOf(':');
    return colon < 0 ? text.length() : colon;
  }

  private static int limit(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0 || colon < text.lastIndexOf(')')) {
      return 0;
    }
    try {
      return Integer.parseInt(text.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"%" + text + "%\": a length after the colon is a whole number", e);
    }
  }

  private void literal(String text) {
    parts.add((entry, line) -> line.append(text));
  }

  /** What clients send must not begin a line of its own, nor end a quoted field. */
  private static void escapeText(CharSequence text, StringBuilder line) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c == 0x7f || c == '"' || c == '\\') {
        line.append("\\x")
            .append(Character.forDigit(c >> 4, 16))
            .append(Character.forDigit(c & 15, 16));
      } else {
        line.append(c);
      }
    }
  }

  private static void escapeJson(CharSequence text, StringBuilder line) {
    line.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        line.append('\\').append(c);
      } else if (c < 0x20 || c == 0x7f) {
        line.append("\\u00")
            .append(Character.forDigit(c >> 4, 16))
            .append(Character.forDigit(c & 15, 16));
      } else {
        line.append(c);
      }
    }
    line.append('"');
  }
}
