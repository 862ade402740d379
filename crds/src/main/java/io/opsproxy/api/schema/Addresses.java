package io.opsproxy.api.schema;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * Kubernetes' functions isIP and isCIDR. As there: no IPv4-mapped IPv6 addresses, no zones, no
 * leading zeros in IPv4, whose meaning differs between programs.
 */
final class Addresses {
  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern V4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

  /** What the JDK's reader lets pass beyond this, such as leading zeros, Kubernetes does not. */
  private static final Pattern V6 =
      Pattern.compile(
          "([0-9a-fA-F]{0,4}:){2,8}([0-9a-fA-F]{0,4}|" + BYTE + "(\\." + BYTE + "){3})");

  private static final Pattern PREFIX = Pattern.compile("0|[1-9][0-9]{0,2}");

  private Addresses() {}

  static boolean isIp(String text) {
    return bits(text) > 0;
  }

  static boolean isCidr(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return false;
    }
    String prefix = text.substring(slash + 1);
    return PREFIX.matcher(prefix).matches()
        && Integer.parseInt(prefix) <= bits(text.substring(0, slash));
  }

  /** 32, 128, or -1 for what is no address. */
  private static int bits(String text) {
    if (V4.matcher(text).matches()) {
      return 32;
    }
    if (!V6.matcher(text).matches()) {
      return -1;
    }
    try {
      // A text with a colon is never looked up; a mapped address becomes an Inet4Address.
      return InetAddress.getByName(text) instanceof Inet6Address ? 128 : -1;
    } catch (UnknownHostException e) {
      return -1;
    }
  }
}
