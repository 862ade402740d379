package io.opsproxy.dataplane.config;

/**
 * A host and a port as written in configuration and on the wire. The host is not looked up.
 *
 * @param host a name or an IP literal; an IPv6 literal without its brackets
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) {

  /**
   * Reads {@code host:port} or {@code [v6]:port}.
   *
   * @throws IllegalArgumentException with a sentence that names the text and what is wrong with it
   */
  public static HostPort parse(String text) {
    HostPort parsed = parseAllowingPortZero(text);
    if (parsed.port == 0) {
      throw new IllegalArgumentException("\"" + text + "\": port must be 1-65535");
    }
    return parsed;
  }

  static HostPort parseAllowingPortZero(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("\"" + text + "\": expected host:port");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "\"" + text + "\": an IPv6 address needs brackets, as in [::1]:6443");
    }
    if (host.isEmpty()
        || host.chars().anyMatch(c -> c <= ' ' || c == 127 || c == ',' || c == '/' || c == '[')) {
      throw new IllegalArgumentException(
          "\"" + text + "\": host is missing or has characters that no host has");
    }
    return new HostPort(host, parsePort(text, text.substring(colon + 1)));
  }

  private static int parsePort(String text, String digits) {
    int port = -1;
    if (!digits.isEmpty()
        && digits.length() <= 5
        && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      port = Integer.parseInt(digits);
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("\"" + text + "\": port must be 1-65535");
    }
    return port;
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
