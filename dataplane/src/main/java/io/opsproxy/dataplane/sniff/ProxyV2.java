package io.opsproxy.dataplane.sniff;

import io.opsproxy.dataplane.sniff.ProxyHeader.Malformed;
import io.opsproxy.dataplane.sniff.ProxyHeader.Result;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Version 2 of the PROXY protocol: 12 bytes of signature, version and command, family and
 * transport, a length, then addresses and TLVs. TLVs are stepped over with the rest of that length
 * and never walked, so nothing in them can be wrong for us.
 */
final class ProxyV2 {
  static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);

  /** Bytes before the addresses. */
  static final int FIXED = 16;

  private static final int LOCAL = 0;
  private static final int PROXY = 1;
  private static final int INET = 1;
  private static final int INET6 = 2;
  private static final int UNIX = 3;
  private static final int STREAM = 1;
  private static final int DATAGRAM = 2;

  private ProxyV2() {}

  /** Reads a header whose signature has been seen. */
  static Result parse(byte[] bytes, int length) {
    if (length > 12 && (bytes[12] & 0xf0) != 0x20) {
      return new Malformed("PROXY header version is not 2");
    }
    if (length > 12 && (bytes[12] & 0x0f) > PROXY) {
      return new Malformed("PROXY header command is not LOCAL or PROXY");
    }
    if (length < FIXED) {
      return ProxyHeader.NeedMore.INSTANCE;
    }
    int payload = unsignedShort(bytes, 14);
    if (payload > ProxyHeader.MAX_V2_PAYLOAD) {
      return new Malformed("PROXY header is longer than 528 bytes");
    }
    boolean local = (bytes[12] & 0x0f) == LOCAL;
    String why = local ? null : family((bytes[13] & 0xf0) >> 4, bytes[13] & 0x0f, payload);
    if (why != null) {
      return new Malformed(why);
    }
    int end = FIXED + payload;
    if (length < end) {
      return ProxyHeader.NeedMore.INSTANCE;
    }
    if (!local && bytes[13] == (INET << 4 | STREAM)) {
      return addresses(bytes, 4, end);
    }
    if (!local && bytes[13] == (INET6 << 4 | STREAM)) {
      return addresses(bytes, 16, end);
    }
    // LOCAL must ignore the family; of the others, none is an address of a TCP client.
    return ProxyHeader.keepingSocketAddress(end);
  }

  private static String family(int family, int transport, int payload) {
    if (family > UNIX || transport > DATAGRAM) {
      return "PROXY header has an unknown family or transport";
    }
    int needed = new int[] {0, 12, 36, 216}[family];
    return payload < needed ? "PROXY header is too short for its addresses" : null;
  }

  private static Result addresses(byte[] bytes, int size, int end) {
    int destination = FIXED + size;
    int ports = destination + size;
    return new ProxyHeader.Header(
        ProxyHeader.address(
            Arrays.copyOfRange(bytes, FIXED, destination), unsignedShort(bytes, ports)),
        ProxyHeader.address(
            Arrays.copyOfRange(bytes, destination, ports), unsignedShort(bytes, ports + 2)),
        end);
  }

  private static int unsignedShort(byte[] bytes, int at) {
    return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
  }
}
