package io.opsproxy.dataplane.config.value;

import java.util.Locale;

/**
 * A host and a port as written in configuration and on the wire. The host is not looked up. Parsed
 * hosts are lower-case and ASCII, so that equal hosts are equal values.
 *
 * @param host a name or an IP literal; an IPv6 literal without its brackets
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) {
  private static final int MAX_HOST = 255;

  /**
   * Reads {@code host:port} or {@code [v6]:port}.
   *
   * @throws IllegalArgumentException with a sentence that names the text and what is wrong with it
   */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(Quoted.of(text) + ": expected host:port");
    }
    int port = parsePort(text.substring(colon + 1), text);
    if (port == 0) {
      throw new IllegalArgumentException(Quoted.of(text) + ": port must be 1-65535");
    }
    return new HostPort(parseHost(text.substring(0, colon), text), port);
  }

  /**
   * Reads a host as it stands before a port, an IPv6 literal in brackets.
   *
   * @param whole the text that messages name
   */
  public static String parseHost(String host, String whole) {
    if (host.startsWith("[")) {
      String literal = host.endsWith("]") ? host.substring(1, host.length() - 1) : "";
      int zone = literal.indexOf('%');
      String address = zone < 0 ? literal : literal.substring(0, zone);
      if (address.indexOf(':') < 0 || IpLiteral.parse(address) == null || hasStrangers(literal)) {
        throw new IllegalArgumentException(
            Quoted.of(whole) + ": " + Quoted.of(host) + " is not an IPv6 address in brackets");
      }
      return zone < 0 ? lower(literal) : lower(address) + literal.substring(zone);
    }
    if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          Quoted.of(whole) + ": an IPv6 address needs brackets, as in [::1]:6443");
    }
    if (host.isEmpty()) {
      throw new IllegalArgumentException(Quoted.of(whole) + ": the host is missing");
    }
    String ascii = HostName.toAscii(host);
    if (ascii == null || ascii.length() > MAX_HOST || hasStrangers(ascii)) {
      throw new IllegalArgumentException(
          Quoted.of(whole) + ": the host is too long or has characters that no host has");
    }
    if (looksLikeV4(ascii) && IpLiteral.parse(ascii) == null) {
      throw new IllegalArgumentException(
          Quoted.of(whole) + ": " + Quoted.of(host) + " is not an IPv4 address");
    }
    return lower(ascii);
  }

  /** 0 to 65535. */
  static int parsePort(String digits, String whole) {
    int port = -1;
    if (isDigits(digits) && digits.length() <= 5) {
      port = Integer.parseInt(digits);
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(Quoted.of(whole) + ": port must be 1-65535");
    }
    return port;
  }

  public static boolean isDigits(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static boolean hasStrangers(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c <= ' ' || c >= 127 || ",/[]\"'\\*@?#".indexOf(c) >= 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether the last label is a number: such a host is an address or a mistake (RFC 1123 2.1). */
  static boolean looksLikeV4(String host) {
    int dot = host.lastIndexOf('.');
    return dot >= 0 && isDigits(host.substring(dot + 1));
  }

  private static String lower(String host) {
    return host.toLowerCase(Locale.ROOT);
  }

  // Written out for the start-up, as in HostName.

  @Override
  public boolean equals(Object other) {
    return other instanceof HostPort that && port == that.port && host.equals(that.host);
  }

  @Override
  public int hashCode() {
    return host.hashCode() * 31 + port;
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
