package io.opsproxy.dataplane.sniff;

import java.nio.charset.StandardCharsets;

/** Classes of bytes in an HTTP/1 head, and comparisons in place. */
final class HttpBytes {
  private static final boolean[] TOKEN = new boolean[128];

  static {
    for (char c = '0'; c <= 'z'; c++) {
      TOKEN[c] = Character.isLetterOrDigit(c);
    }
    for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
      TOKEN[c] = true;
    }
  }

  private HttpBytes() {}

  /** A {@code tchar} of RFC 9110 section 5.6.2. */
  static boolean isTokenByte(byte b) {
    return b >= 0 && TOKEN[b];
  }

  /** US-ASCII letter or digit. */
  static boolean isAlphanumeric(byte b) {
    return (b >= '0' && b <= '9') || (lower(b) >= 'a' && lower(b) <= 'z');
  }

  /** 0 to 31 and 127; bytes from 128 on are text of some encoding ({@code obs-text}). */
  static boolean isControl(byte b) {
    return (b >= 0 && b < ' ') || b == 127;
  }

  /** The lower-case letter of an ASCII letter; of other bytes some byte that is no letter. */
  static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
  }

  /** Whether {@code bytes[start, end)} is this ASCII text, case included. */
  static boolean equal(byte[] bytes, int start, int end, String text) {
    if (end - start != text.length()) {
      return false;
    }
    for (int i = start; i < end; i++) {
      if (bytes[i] != text.charAt(i - start)) {
        return false;
      }
    }
    return true;
  }

  /** Whether {@code bytes[start, end)} is this lower-case ASCII text in any case. */
  static boolean equalIgnoringCase(byte[] bytes, int start, int end, String text) {
    if (end - start != text.length()) {
      return false;
    }
    for (int i = start; i < end; i++) {
      if (lower(bytes[i]) != text.charAt(i - start)) {
        return false;
      }
    }
    return true;
  }

  /** One char a byte, so that what is not ASCII stays visible to whoever checks the text. */
  static String text(byte[] bytes, int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
  }
}
