package io.opsproxy.dataplane.sniff;

/** Decimal numbers as protocols write them: no sign, no leading zero. */
final class Decimal {
  private Decimal() {}

  /**
   * The number that {@code text[start, end)} is.
   *
   * @param max largest allowed value, at most 65535
   * @return -1 when the text is no such number
   */
  static int parse(String text, int start, int end, int max) {
    int digits = end - start;
    if (digits < 1 || digits > 5 || (digits > 1 && text.charAt(start) == '0')) {
      return -1;
    }
    int value = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value <= max ? value : -1;
  }
}
