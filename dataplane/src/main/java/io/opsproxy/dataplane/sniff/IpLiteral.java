package io.opsproxy.dataplane.sniff;

/**
 * IP addresses as text. The JDK's own reader is not used, because it asks DNS about what it cannot
 * read, and takes forms (octal, {@code 127.1}, zones) that other readers take for something else.
 */
final class IpLiteral {
  private IpLiteral() {}

  /**
   * Four decimal numbers of 0 to 255 without leading zeros (RFC 3986 section 3.2.2, {@code
   * IPv4address}).
   *
   * @return 4 bytes, or null when the text is no such address
   */
  static byte[] parse4(String text) {
    byte[] address = new byte[4];
    return read4(text, 0, address, 0) ? address : null;
  }

  private static boolean read4(String text, int from, byte[] into, int offset) {
    int start = from;
    for (int i = 0; i < 4; i++) {
      int dot = i < 3 ? text.indexOf('.', start) : text.length();
      int value = dot < 0 ? -1 : Decimal.parse(text, start, dot, 255);
      if (value < 0) {
        return false;
      }
      into[offset + i] = (byte) value;
      start = dot + 1;
    }
    return true;
  }

  /**
   * Text of RFC 4291 section 2.2: groups of 1 to 4 hexadecimal digits, at most one {@code ::},
   * perhaps an IPv4 address at the end; no brackets, no zone.
   *
   * @return 16 bytes, or null when the text is no such address
   */
  static byte[] parse6(String text) {
    byte[] address = new byte[16];
    int filled = 0;
    int gap = -1;
    int at = 0;
    if (text.startsWith("::")) {
      gap = 0;
      at = 2;
    }
    while (at < text.length()) {
      int end = text.indexOf(':', at);
      if (end < 0) {
        end = text.length();
      }
      if (text.indexOf('.', at) >= 0 && end == text.length()) {
        if (filled > 12 || !read4(text, at, address, filled)) {
          return null;
        }
        filled += 4;
        break;
      }
      int group = hex(text, at, end);
      if (group < 0 || filled > 14) {
        return null;
      }
      address[filled] = (byte) (group >> 8);
      address[filled + 1] = (byte) group;
      filled += 2;
      at = end + 1;
      if (end < text.length() && at == text.length()) {
        return null; // one colon at the end
      }
      if (at < text.length() && text.charAt(at) == ':') {
        if (gap >= 0) {
          return null;
        }
        gap = filled;
        at++;
      }
    }
    return spread(address, filled, gap);
  }

  /** Moves what follows the {@code ::} to the end; it stands for at least one group of zeros. */
  private static byte[] spread(byte[] address, int filled, int gap) {
    if (gap < 0) {
      return filled == 16 ? address : null;
    }
    if (filled > 14) {
      return null;
    }
    byte[] whole = new byte[16];
    System.arraycopy(address, 0, whole, 0, gap);
    System.arraycopy(address, gap, whole, 16 - (filled - gap), filled - gap);
    return whole;
  }

  private static int hex(String text, int start, int end) {
    if (end - start < 1 || end - start > 4) {
      return -1;
    }
    int value = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * 16 + digit;
    }
    return value;
  }
}
