package io.opsproxy.dataplane.sniff;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * A PROXY protocol header, version 1 or 2, in front of a client's own bytes (HAProxy's {@code
 * proxy-protocol.txt}, sections 2.1 and 2.2). Whether the sender may be believed is not asked here.
 *
 * <p>Without state: a header is short, so reading it again when more came costs a bounded number of
 * steps.
 */
public final class ProxyHeader {
  /** Longest header of version 1 with its CRLF, in bytes. */
  static final int MAX_V1 = 107;

  /** Longest part of a version 2 header that follows its first 16 bytes. */
  static final int MAX_V2_PAYLOAD = 512;

  /** Longest header that is taken, in bytes. */
  public static final int MAX_BYTES = ProxyV2.FIXED + MAX_V2_PAYLOAD;

  private ProxyHeader() {}

  /** What the first bytes are. */
  public sealed interface Result {}

  /** Surely no PROXY header: the bytes are the client's own. */
  public record None() implements Result {}

  /** Undecided; the bytes so far are a proper prefix of a header. */
  public record NeedMore() implements Result {
    /** The only instance that is needed. */
    public static final NeedMore INSTANCE = new NeedMore();
  }

  /**
   * A whole header.
   *
   * @param source the client's address; empty when the header says nothing of it (LOCAL, UNKNOWN,
   *     UNSPEC, UNIX, datagrams), and the address of the socket holds
   * @param destination where the client connected to; empty together with the source
   * @param length bytes of the header, at most {@link #MAX_BYTES}; the client's own follow
   */
  public record Header(
      Optional<InetSocketAddress> source, Optional<InetSocketAddress> destination, int length)
      implements Result {}

  /**
   * It began as a PROXY header and is none.
   *
   * @param why one clause for logs, without bytes of the client
   */
  public record Malformed(String why) implements Result {}

  /**
   * Looks at all bytes received so far.
   *
   * @param bytes what was received; only {@code [0, length)} is looked at
   * @param length end of what was received
   */
  public static Result parse(byte[] bytes, int length) {
    int matched = matching(bytes, length, ProxyV1.SIGNATURE);
    if (matched == ProxyV1.SIGNATURE.length) {
      return ProxyV1.parse(bytes, length);
    }
    int matched2 = matching(bytes, length, ProxyV2.SIGNATURE);
    if (matched2 == ProxyV2.SIGNATURE.length) {
      return ProxyV2.parse(bytes, length);
    }
    return matched == length || matched2 == length ? NeedMore.INSTANCE : new None();
  }

  private static int matching(byte[] bytes, int length, byte[] signature) {
    int i = 0;
    while (i < length && i < signature.length && bytes[i] == signature[i]) {
      i++;
    }
    return i;
  }

  static Header keepingSocketAddress(int length) {
    return new Header(Optional.empty(), Optional.empty(), length);
  }

  /**
   * @param address 4 or 16 bytes; an IPv4-mapped address becomes its IPv4 address
   */
  static Optional<InetSocketAddress> address(byte[] address, int port) {
    try {
      return Optional.of(new InetSocketAddress(InetAddress.getByAddress(address), port));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an IP address has 4 or 16 bytes", e);
    }
  }
}
