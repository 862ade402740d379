package io.opsproxy.dataplane.cluster;

import java.nio.charset.StandardCharsets;

/** Reads the status from the first bytes of an HTTP/1 response (RFC 9112 section 4). */
final class StatusLine {
  /** The bytes so far are a proper prefix of a status line. */
  static final int NEED_MORE = 0;

  /** No HTTP/1 response begins like this. */
  static final int NOT_HTTP = -1;

  private static final byte[] VERSION = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
  private static final int MINOR = VERSION.length;
  private static final int STATUS = MINOR + 2;
  private static final int END = STATUS + 3;

  private StatusLine() {}

  /** The status, 100 to 999, or one of the constants. Only {@code [0, length)} is looked at. */
  static int parse(byte[] bytes, int length) {
    int status = 0;
    for (int i = 0; i < Math.min(length, END + 1); i++) {
      byte b = bytes[i];
      boolean fits;
      if (i < MINOR) {
        fits = b == VERSION[i];
      } else if (i == MINOR + 1) {
        fits = b == ' ';
      } else if (i == END) {
        // the reason phrase and the space before it are left out by some
        fits = b == ' ' || b == '\r' || b == '\n';
      } else {
        fits = b >= '0' && b <= '9' && (i != STATUS || b != '0');
        status = i < STATUS ? 0 : status * 10 + b - '0';
      }
      if (!fits) {
        return NOT_HTTP;
      }
    }
    return length > END ? status : NEED_MORE;
  }
}
