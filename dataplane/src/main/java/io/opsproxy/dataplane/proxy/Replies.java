package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.telemetry.ErrorReason;
import java.nio.charset.StandardCharsets;

/** What clients are told when they cannot be served, in the language that they speak. */
final class Replies {
  /** RFC 9110 section 9.3.6; the wording of the existing peers. */
  static final byte[] CONNECT_ESTABLISHED = ascii("HTTP/1.1 200 Connection Established\r\n\r\n");

  /**
   * RFC 9113: an empty SETTINGS, then GOAWAY(HTTP_1_1_REQUIRED): come back with HTTP/1.1, which
   * names its host.
   */
  static final byte[] HTTP2_GOAWAY = {
    0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0d
  };

  /** RFC 6066 section 3: the server name is not recognised. */
  static final byte UNRECOGNIZED_NAME = 112;

  /** RFC 8446 section 6.2: a message could not be decoded. */
  static final byte DECODE_ERROR = 50;

  /** RFC 8446 section 6.2: a failure that has nothing to do with the client. */
  static final byte INTERNAL_ERROR = 80;

  private Replies() {}

  /** A fatal alert in a record of its own, before any handshake: version 3.3, plain. */
  static byte[] tlsAlert(byte description) {
    return new byte[] {21, 3, 3, 0, 2, 2, description};
  }

  /** A whole response that ends the connection. */
  static byte[] http(int status, String body) {
    byte[] text = (body + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] head =
        ascii(
            "HTTP/1.1 "
                + status
                + " "
                + phrase(status)
                + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                + text.length
                + "\r\nConnection: close\r\n\r\n");
    byte[] whole = new byte[head.length + text.length];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(text, 0, whole, head.length, text.length);
    return whole;
  }

  /** The status that tells an HTTP client of this failure. */
  static int status(ErrorReason reason) {
    return switch (reason) {
      case MALFORMED -> 400;
      case CONNECT_DENIED -> 403;
      case BACKEND_DIAL_ERROR,
          BACKEND_IO_ERROR,
          DATA_IO_ERROR,
          DATA_DIAL_ERROR,
          DATA_HEADER_ERROR,
          FORWARD_REFUSED ->
          502;
      case DATA_TIMEOUT -> 504;
      default -> 503;
    };
  }

  private static String phrase(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 403 -> "Forbidden";
      case 502 -> "Bad Gateway";
      case 504 -> "Gateway Timeout";
      default -> "Service Unavailable";
    };
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
