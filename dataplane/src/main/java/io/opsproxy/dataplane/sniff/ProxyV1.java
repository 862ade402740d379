package io.opsproxy.dataplane.sniff;

import io.opsproxy.dataplane.config.value.IpLiteral;
import io.opsproxy.dataplane.sniff.ProxyHeader.Malformed;
import io.opsproxy.dataplane.sniff.ProxyHeader.Result;
import java.nio.charset.StandardCharsets;

/**
 * Version 1 of the PROXY protocol: one line, {@code PROXY TCP4 source destination port port}.
 * Exactly one space between fields; numbers without leading zeros.
 */
final class ProxyV1 {
  static final byte[] SIGNATURE = "PROXY ".getBytes(StandardCharsets.US_ASCII);

  private ProxyV1() {}

  /** Reads a line whose signature has been seen. */
  static Result parse(byte[] bytes, int length) {
    int limit = Math.min(length, ProxyHeader.MAX_V1);
    for (int i = SIGNATURE.length; i < limit; i++) {
      if (bytes[i] == '\r') {
        if (i + 1 == ProxyHeader.MAX_V1) {
          break;
        }
        if (i + 1 == length) {
          return ProxyHeader.NeedMore.INSTANCE;
        }
        return bytes[i + 1] == '\n'
            ? line(HttpBytes.text(bytes, SIGNATURE.length, i), i + 2)
            : new Malformed("PROXY line has a bare CR");
      }
      if (HttpBytes.isControl(bytes[i])) {
        return new Malformed("PROXY line has a control character");
      }
    }
    return limit == ProxyHeader.MAX_V1
        ? new Malformed("PROXY line is longer than 107 bytes")
        : ProxyHeader.NeedMore.INSTANCE;
  }

  private static Result line(String text, int length) {
    String[] fields = text.split(" ", -1);
    return switch (fields[0]) {
      case "UNKNOWN" -> ProxyHeader.keepingSocketAddress(length); // the rest must be ignored
      case "TCP4", "TCP6" ->
          fields.length == 5
              ? addresses(fields, fields[0].equals("TCP6"), length)
              : new Malformed("PROXY line does not have two addresses and two ports");
      default -> new Malformed("PROXY line is not TCP4, TCP6 or UNKNOWN");
    };
  }

  private static Result addresses(String[] fields, boolean v6, int length) {
    byte[] source = v6 ? IpLiteral.parse6(fields[1]) : IpLiteral.parse4(fields[1]);
    byte[] destination = v6 ? IpLiteral.parse6(fields[2]) : IpLiteral.parse4(fields[2]);
    if (source == null || destination == null) {
      return new Malformed("PROXY line has an address that is not of its family");
    }
    int sourcePort = Decimal.parse(fields[3], 0, fields[3].length(), 65535);
    int destinationPort = Decimal.parse(fields[4], 0, fields[4].length(), 65535);
    if (sourcePort < 0 || destinationPort < 0) {
      return new Malformed("PROXY line has a port that is not 0-65535");
    }
    return new ProxyHeader.Header(
        ProxyHeader.address(source, sourcePort),
        ProxyHeader.address(destination, destinationPort),
        length);
  }
}
