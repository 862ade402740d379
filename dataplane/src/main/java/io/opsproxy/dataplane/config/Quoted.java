package io.opsproxy.dataplane.config;

/**
 * Text from outside, made safe to stand in a message: in quotes, control characters escaped so that
 * a value cannot forge a log line, cut where it is too long to read.
 */
final class Quoted {
  private static final int MAX_SHOWN = 120;

  private Quoted() {}

  static String of(String text) {
    int shown = Math.min(text.length(), MAX_SHOWN);
    StringBuilder quoted = new StringBuilder(shown + 2).append('"');
    for (int i = 0; i < shown; i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        quoted.append("\\n");
      } else if (c == '\t') {
        quoted.append("\\t");
      } else if (Character.isISOControl(c) || Character.isSurrogate(c) || isLineBreak(c)) {
        quoted.append("\\u").append(Integer.toHexString(0x10000 + c), 1, 5);
      } else {
        quoted.append(c);
      }
    }
    if (shown < text.length()) {
      quoted.append("...");
    }
    return quoted.append('"').toString();
  }

  private static boolean isLineBreak(char c) {
    return c == '\u2028' || c == '\u2029';
  }
}
