package io.opsproxy.dataplane.trust;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The older forms of private keys, put into the one that the JDK reads, PKCS#8 (RFC 5208 5): a
 * frame that names the kind of key around the same bytes. Pure.
 */
final class KeyForm {
  private static final int SEQUENCE = 0x30;
  private static final int OCTETS = 0x04;
  private static final int OID = 0x06;
  private static final int PARAMETERS = 0xa0;
  private static final byte[] VERSION = hex("020100");
  private static final byte[] RSA = hex("300d06092a864886f70d0101010500");
  private static final byte[] EC = hex("06072a8648ce3d0201");

  private KeyForm() {}

  /** From {@code RSA PRIVATE KEY} (RFC 8017 A.1.2). */
  static byte[] ofPkcs1(byte[] key) {
    return tagged(SEQUENCE, VERSION, RSA, tagged(OCTETS, key));
  }

  /**
   * From {@code EC PRIVATE KEY} (RFC 5915 3).
   *
   * @throws IllegalArgumentException with the cause, when it names no curve or is malformed
   */
  static byte[] ofSec1(byte[] key) {
    byte[] curve = curve(key);
    return tagged(SEQUENCE, VERSION, tagged(SEQUENCE, EC, curve), tagged(OCTETS, key));
  }

  /**
   * The object identifier of the curve, with its tag: {@code SEQUENCE {1, OCTETS, [0] OID ...}}.
   */
  private static byte[] curve(byte[] key) {
    try {
      int at = contents(key, 0);
      at = end(key, at);
      at = end(key, at);
      if ((key[at] & 0xff) == PARAMETERS) {
        int inner = contents(key, at);
        if (key[inner] == OID) {
          return Arrays.copyOfRange(key, inner, end(key, inner));
        }
      }
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("a malformed EC key", e);
    }
    throw new IllegalArgumentException("an EC key that names no curve");
  }

  /** Where the contents of the element at this place begin. */
  private static int contents(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    return at + 2 + (length < 0x80 ? 0 : length & 0x7f);
  }

  /** Where the element at this place ends. */
  private static int end(byte[] der, int at) {
    int length = der[at + 1] & 0xff;
    if (length >= 0x80) {
      int bytes = length & 0x7f;
      length = 0;
      for (int i = 0; i < bytes && i < 3; i++) {
        length = (length << 8) | (der[at + 2 + i] & 0xff);
      }
    }
    int end = contents(der, at) + length;
    if (end > der.length) {
      throw new IndexOutOfBoundsException();
    }
    return end;
  }

  private static byte[] tagged(int tag, byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    element.write(tag);
    int length = all.size();
    if (length < 0x80) {
      element.write(length);
    } else if (length < 0x100) {
      element.write(0x81);
      element.write(length);
    } else {
      element.write(0x82);
      element.write(length >> 8);
      element.write(length);
    }
    element.writeBytes(all.toByteArray());
    return element.toByteArray();
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
