package io.opsproxy.dataplane.sniff;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Builds byte strings for tests. */
final class Bytes {
  private Bytes() {}

  /** One byte a char. */
  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** A big-endian number. */
  static byte[] number(int size, int value) {
    byte[] out = new byte[size];
    for (int i = 0; i < size; i++) {
      out[i] = (byte) (value >> (8 * (size - 1 - i)));
    }
    return out;
  }

  /** A TLS vector: its length in so many bytes, then its content. */
  static byte[] vector(int lengthSize, byte[]... parts) {
    byte[] content = concat(parts);
    return concat(number(lengthSize, content.length), content);
  }
}
