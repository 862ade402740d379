package io.opsproxy.dataplane.config.value;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;

/**
 * A name that connections are routed by, normalised. This is the one normaliser: SNI, Host, CONNECT
 * targets, registered names and configured names all become a HostName before anything compares
 * them (CVE-2026-48491, CVE-2026-53622: two normalisers that differ are a way around access rules).
 *
 * <p>Rules: ASCII lower-case; one trailing dot dropped; bytes {@code a-z 0-9 - _ .} only; labels of
 * 1 to 63 bytes, 253 in all. Short names ({@code redis}) are as good as domain names. An IPv6
 * literal keeps its brackets. A pattern may have {@code *} as its whole first label, with at least
 * one label after it, and may be written with national characters ({@code bücher.example}), which
 * become their ASCII form ({@code xn--bcher-kva.example}) here, once: on the wire, in SNI and Host,
 * only the ASCII form occurs.
 *
 * @param value the normalised text
 */
public record HostName(String value) {
  private static final int MAX_LENGTH = 253;
  private static final int MAX_LABEL = 63;
  private static final int MAX_WRITTEN = 1000;

  /** The name in a TLS SNI extension or a registration: no port, no wildcard. */
  public static Optional<HostName> exact(String raw) {
    String value = normalise(raw, false);
    return value == null ? Optional.empty() : Optional.of(new HostName(value));
  }

  /** A configured or registered name, which may be a wildcard such as {@code *.example.com}. */
  public static Optional<HostName> pattern(String raw) {
    String ascii = toAscii(raw);
    String value = ascii == null ? null : normalise(ascii, true);
    return value == null ? Optional.empty() : Optional.of(new HostName(value));
  }

  /**
   * A name of the configuration that no client asks for in its own words, such as that of a cluster
   * in Envoy's files: as it is written, {@code outbound|6443||api} and {@code K8s} too. A peer with
   * such a file has no links, so that these names never travel. Empty when it is empty, longer than
   * 1,000 characters, begins as a wildcard, or has control characters, which would break the lines
   * of pages and logs.
   */
  public static Optional<HostName> asWritten(String raw) {
    boolean good =
        !raw.isEmpty()
            && raw.length() <= MAX_WRITTEN
            && !raw.startsWith("*.")
            && raw.chars().noneMatch(Character::isISOControl);
    return good ? Optional.of(new HostName(raw)) : Optional.empty();
  }

  /**
   * The name in an HTTP Host header or a CONNECT target: {@code host}, {@code host:port}, {@code
   * [v6]:port}. Empty when the host has bytes that no host has, or when what follows the colon is
   * no port.
   */
  public static Optional<HostName> ofAuthority(String raw) {
    String host = raw;
    int colon = raw.lastIndexOf(':');
    if (colon >= 0 && raw.indexOf(']') < colon) {
      for (int i = colon + 1; i < raw.length(); i++) {
        if (raw.charAt(i) < '0' || raw.charAt(i) > '9') {
          return Optional.empty();
        }
      }
      if (raw.length() - colon > 6) {
        return Optional.empty();
      }
      host = raw.substring(0, colon);
    }
    return exact(host);
  }

  /** True for {@code *.example.com}. */
  public boolean isWildcard() {
    return value.startsWith("*.");
  }

  /**
   * The ASCII form of a host name that may have national characters (RFC 3490); null when there is
   * none. ASCII text comes back as it is, valid or not.
   */
  static String toAscii(String raw) {
    int i = 0;
    while (i < raw.length() && raw.charAt(i) < 128) {
      i++;
    }
    if (i == raw.length()) {
      return raw;
    }
    if (raw.length() > MAX_LENGTH) {
      return null;
    }
    boolean wildcard = raw.startsWith("*.");
    String ascii;
    try {
      ascii = IDN.toASCII(wildcard ? raw.substring(2) : raw);
    } catch (RuntimeException e) {
      // IDN says "no such name" with IllegalArgumentException, and for some texts by mistake with
      // an index exception; both mean the same here.
      return null;
    }
    return wildcard ? "*.".concat(ascii) : ascii;
  }

  private static String normalise(String raw, boolean wildcardAllowed) {
    int end = raw.length();
    if (end > 0 && raw.charAt(end - 1) == '.') {
      end--;
    }
    if (end == 0 || end > MAX_LENGTH) {
      return null;
    }
    if (raw.charAt(0) == '[') {
      return bracketed(raw, end);
    }
    int labelStart = 0;
    boolean changed = end != raw.length();
    for (int i = 0; i < end; i++) {
      char c = raw.charAt(i);
      if (c == '.') {
        if (i == labelStart || i - labelStart > MAX_LABEL) {
          return null;
        }
        labelStart = i + 1;
      } else if (c >= 'A' && c <= 'Z') {
        changed = true;
      } else if (c == '*') {
        if (!wildcardAllowed || i != 0 || end < 3 || raw.charAt(1) != '.') {
          return null;
        }
      } else if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_')) {
        return null;
      }
    }
    if (labelStart == end || end - labelStart > MAX_LABEL) {
      return null;
    }
    return changed ? raw.substring(0, end).toLowerCase(Locale.ROOT) : raw;
  }

  private static String bracketed(String raw, int end) {
    if (end < 4 || raw.charAt(end - 1) != ']') {
      return null;
    }
    for (int i = 1; i < end - 1; i++) {
      char c = raw.charAt(i);
      if ((Character.digit(c, 16) < 0 && c != ':' && c != '.') || c > 127) {
        return null;
      }
    }
    return raw.substring(0, end).toLowerCase(Locale.ROOT);
  }

  // Written out, because the ones that records get are put together at run time, when the first
  // name
  // is hashed: 9 ms of the start.

  @Override
  public boolean equals(Object other) {
    return other instanceof HostName that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
