package io.opsproxy.dataplane.config.value;

import java.math.BigInteger;
import java.util.Locale;

/**
 * What is no longer believed: every certificate of a peer id, or that with a serial number ({@code
 * serial:0a1b2c}, hexadecimal, colons allowed), whoever issued it.
 *
 * @param text the id, or {@code serial:} and lower-case digits without leading zeros
 */
public record Revocation(String text) {
  private static final String SERIAL = "serial:";

  /** RFC 5280 4.1.2.2 has 20 octets; some issuers have a few more. */
  private static final int MAX_DIGITS = 64;

  /**
   * @throws IllegalArgumentException with a sentence that begins with the text in quotes
   */
  public static Revocation parse(String text) {
    if (!text.startsWith(SERIAL)) {
      if (new PeerPattern(text).text().indexOf('*') >= 0) {
        throw new IllegalArgumentException(Quoted.of(text) + ": names one peer, without *");
      }
      return new Revocation(text);
    }
    String digits = text.substring(SERIAL.length()).replace(":", "").toLowerCase(Locale.ROOT);
    boolean hexadecimal = !digits.isEmpty() && digits.length() <= MAX_DIGITS;
    for (int i = 0; i < digits.length() && hexadecimal; i++) {
      hexadecimal = Character.digit(digits.charAt(i), 16) >= 0 && digits.charAt(i) < 128;
    }
    if (!hexadecimal) {
      throw new IllegalArgumentException(
          Quoted.of(text) + ": a serial number has 1-" + MAX_DIGITS + " hexadecimal digits");
    }
    return ofSerial(new BigInteger(digits, 16));
  }

  /** Of the certificate with this serial number. */
  public static Revocation ofSerial(BigInteger serial) {
    return new Revocation(SERIAL.concat(serial.toString(16)));
  }

  @Override
  public String toString() {
    return text;
  }
}
