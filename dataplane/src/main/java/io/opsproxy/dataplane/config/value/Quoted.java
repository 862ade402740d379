package io.opsproxy.dataplane.config.value;

/**
 * Text from outside, made safe to stand in a message: in quotes, control characters escaped so that
 * a value cannot forge a log line, cut where it is too long to read.
 */
public final class Quoted {
  private static final int MAX_SHOWN = 120;
  private static final int MAX_SENTENCE = 300;

  private Quoted() {}

  /** The text in quotes. */
  public static String of(String text) {
    return escaped(text, MAX_SHOWN, new StringBuilder().append('"')).append('"').toString();
  }

  /** A sentence of somebody else's that may hold text from outside. */
  public static String sentence(String text) {
    return escaped(text, MAX_SENTENCE, new StringBuilder()).toString();
  }

  private static StringBuilder escaped(String text, int most, StringBuilder shown) {
    int end = Math.min(text.length(), most);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        shown.append("\\n");
      } else if (c == '\t') {
        shown.append("\\t");
      } else if (Character.isISOControl(c) || Character.isSurrogate(c) || isLineBreak(c)) {
        shown.append("\\u").append(Integer.toHexString(0x10000 + c), 1, 5);
      } else {
        shown.append(c);
      }
    }
    return end < text.length() ? shown.append("...") : shown;
  }

  private static boolean isLineBreak(char c) {
    return c == '\u2028' || c == '\u2029';
  }
}
