package io.opsproxy.dataplane.sniff;

/**
 * Tells what a client speaks from its first bytes, and the name it wants. One object a connection;
 * not thread-safe.
 *
 * <p>Invariant: the answer depends on the bytes only, never on how they were cut into reads. Every
 * byte is looked at a fixed number of times, so a client that sends one byte a read costs no more
 * CPU than its bytes are worth. Nothing is allocated from a length that a client declared.
 *
 * <p>When bytes count as what, decided at the earliest byte that settles it:
 *
 * <ul>
 *   <li>first byte 0x16, second 3 (the major version of a record): TLS. Whatever breaks a rule of
 *       TLS from there on is {@link Sniff.Malformed}. (An SSLv2 hello begins otherwise and is
 *       {@link Sniff.Unknown}.)
 *   <li>{@code REGISTER:}, {@code DATA:} or {@code JOIN:}: another peer.
 *   <li>{@code PRI } and then {@code * HTTP/2.0} with its line end, 16 bytes in all: the HTTP/2
 *       preface (RFC 9113 section 3.4). The method is reserved for it, so any other {@code PRI }
 *       line is malformed HTTP.
 *   <li>a token of 1 to {@value #MAX_METHOD} bytes (RFC 9110 section 5.6.2), one space, and a
 *       target as {@link RequestLine} describes: HTTP. From there on it is HTTP or malformed HTTP.
 *   <li>all else is unknown. That includes an empty line before the request line, which RFC 9112
 *       section 2.2 lets a server skip: bytes are replayed as they came, and backends differ here.
 * </ul>
 */
public final class Sniffer {
  /**
   * Longest head or ClientHello that is looked at, in bytes. A client that is undecided after so
   * many is malformed, so a buffer of this size (after a PROXY header) is always enough.
   */
  public static final int MAX_BYTES = 64 * 1024;

  /** Longest method token, in bytes; the longest registered one has 17. */
  static final int MAX_METHOD = 32;

  private static final byte TLS_HANDSHAKE = 0x16;
  private static final byte TLS_MAJOR_VERSION = 3;

  private Sniff answer = Sniff.NeedMore.INSTANCE;
  private HeadParser parser;
  private int tokenLength;

  /**
   * Looks at all bytes received so far; called again when more have come. Work already done is not
   * done again. Once it has answered anything but {@link Sniff.NeedMore}, it repeats that answer.
   *
   * @param bytes what was received; only {@code [from, length)} is looked at
   * @param from where the client's own bytes begin (after a PROXY header), the same in every call
   * @param length end of what was received, not less than in the call before
   */
  public Sniff sniff(byte[] bytes, int from, int length) {
    if (answer instanceof Sniff.NeedMore) {
      answer = advance(bytes, from, length);
    }
    return answer;
  }

  /**
   * Whether the bytes so far can only be one protocol. Where they are not, a client that waits is
   * perhaps waiting for the server, in a protocol that is none of those known here.
   */
  public boolean isSettled() {
    return parser != null || !(answer instanceof Sniff.NeedMore);
  }

  private Sniff advance(byte[] bytes, int from, int length) {
    if (parser == null) {
      Sniff first = firstWord(bytes, from, length);
      if (parser == null) {
        return first;
      }
    }
    return parser.advance(bytes, length);
  }

  /** Answers, or sets {@link #parser}, or needs more to do either. */
  private Sniff firstWord(byte[] bytes, int from, int length) {
    while (from + tokenLength < length) {
      byte b = bytes[from + tokenLength];
      if (tokenLength == 0 && b == TLS_HANDSHAKE) {
        if (from + 1 < length && bytes[from + 1] != TLS_MAJOR_VERSION) {
          return new Sniff.Unknown();
        }
        parser = from + 1 < length ? new ClientHelloParser(from) : null;
        return Sniff.NeedMore.INSTANCE;
      }
      if (!HttpBytes.isTokenByte(b)) {
        return afterToken(b, bytes, from);
      }
      if (tokenLength == MAX_METHOD) {
        return new Sniff.Unknown();
      }
      tokenLength++;
    }
    return Sniff.NeedMore.INSTANCE;
  }

  private Sniff afterToken(byte delimiter, byte[] bytes, int from) {
    int end = from + tokenLength;
    if (delimiter == ':') {
      for (Sniff.Verb verb : Sniff.Verb.values()) {
        if (HttpBytes.equal(bytes, from, end, verb.name())) {
          return new Sniff.PeerLine(verb);
        }
      }
    } else if (delimiter == ' ' && tokenLength > 0) {
      parser =
          HttpBytes.equal(bytes, from, end, "PRI")
              ? new PrefaceParser(from)
              : new HttpHeadParser(from, HttpBytes.equal(bytes, from, end, "CONNECT"), end + 1);
    }
    return new Sniff.Unknown();
  }
}
