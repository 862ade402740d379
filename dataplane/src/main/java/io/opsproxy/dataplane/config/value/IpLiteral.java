package io.opsproxy.dataplane.config.value;

import java.util.Arrays;

/**
 * Reads IP addresses written as text. {@code InetAddress.getByName} is no substitute: what it does
 * not take for an address (such as {@code dead.beef.cafe.face}) it looks up in the DNS, and it
 * takes forms (octal, {@code 127.1}, zones) that other readers take for something else.
 */
public final class IpLiteral {
  private static final int GROUPS = 8;

  private IpLiteral() {}

  /**
   * The bytes of {@code text}, or null when it is no address: 4 for IPv4, 16 for IPv6 (also for an
   * IPv4-mapped one). No brackets, no zone, no leading zeros in IPv4, whose meaning differs between
   * programs.
   */
  public static byte[] parse(String text) {
    return text.indexOf(':') >= 0 ? parse6(text) : parse4(text);
  }

  /** An IPv4-mapped IPv6 address as its IPv4 address; anything else as it is. */
  static byte[] unmap(byte[] address) {
    if (!isMapped(address)) {
      return address;
    }
    return Arrays.copyOfRange(address, 12, 16);
  }

  static boolean isMapped(byte[] address) {
    if (address.length != 16 || address[10] != -1 || address[11] != -1) {
      return false;
    }
    for (int i = 0; i < 10; i++) {
      if (address[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Four decimal numbers of 0 to 255 without leading zeros (RFC 3986 section 3.2.2, {@code
   * IPv4address}).
   *
   * @return 4 bytes, or null when the text is no such address
   */
  public static byte[] parse4(String text) {
    byte[] address = new byte[4];
    int part = 0;
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i < text.length() && text.charAt(i) != '.') {
        continue;
      }
      int value = decimalByte(text, start, i);
      if (value < 0 || part == 4) {
        return null;
      }
      address[part++] = (byte) value;
      start = i + 1;
    }
    return part == 4 ? address : null;
  }

  private static int decimalByte(String text, int start, int end) {
    int length = end - start;
    if (length < 1 || length > 3 || (length > 1 && text.charAt(start) == '0')) {
      return -1;
    }
    int value = 0;
    for (int i = start; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value <= 255 ? value : -1;
  }

  /**
   * Text of RFC 4291 section 2.2: groups of 1 to 4 hexadecimal digits, at most one {@code ::},
   * perhaps an IPv4 address at the end; no brackets, no zone.
   *
   * @return 16 bytes, or null when the text is no such address
   */
  public static byte[] parse6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      int[] groups = groups(text);
      return groups != null && groups.length == GROUPS ? bytes(groups, new int[0]) : null;
    }
    int[] head = groups(text.substring(0, gap));
    int[] tail = groups(text.substring(gap + 2));
    // "::" stands for at least one group, and an embedded IPv4 address can only be at the end.
    if (head == null || tail == null || head.length + tail.length >= GROUPS) {
      return null;
    }
    return text.lastIndexOf('.', gap) >= 0 ? null : bytes(head, tail);
  }

  /** The 16-bit groups of one side of "::"; null when malformed; a trailing IPv4 address is two. */
  private static int[] groups(String text) {
    int[] groups = new int[GROUPS];
    int count = 0;
    int start = 0;
    while (!text.isEmpty() && start <= text.length()) {
      int colon = text.indexOf(':', start);
      int end = colon < 0 ? text.length() : colon;
      String group = text.substring(start, end);
      if (group.indexOf('.') >= 0) {
        byte[] v4 = parse4(group);
        if (v4 == null || colon >= 0 || count > GROUPS - 2) {
          return null;
        }
        groups[count++] = (v4[0] & 0xff) << 8 | (v4[1] & 0xff);
        groups[count++] = (v4[2] & 0xff) << 8 | (v4[3] & 0xff);
      } else {
        int value = hexGroup(group);
        if (value < 0 || count == GROUPS) {
          return null;
        }
        groups[count++] = value;
      }
      start = end + 1;
    }
    return Arrays.copyOf(groups, count);
  }

  private static int hexGroup(String group) {
    if (group.isEmpty() || group.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < group.length(); i++) {
      char c = group.charAt(i);
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * 16 + digit;
    }
    return value;
  }

  private static byte[] bytes(int[] head, int[] tail) {
    byte[] address = new byte[16];
    for (int i = 0; i < head.length; i++) {
      put(address, i, head[i]);
    }
    for (int i = 0; i < tail.length; i++) {
      put(address, GROUPS - tail.length + i, tail[i]);
    }
    return address;
  }

  private static void put(byte[] address, int group, int value) {
    address[group * 2] = (byte) (value >> 8);
    address[group * 2 + 1] = (byte) value;
  }
}
