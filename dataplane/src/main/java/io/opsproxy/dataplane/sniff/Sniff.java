package io.opsproxy.dataplane.sniff;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import java.util.List;
import java.util.Optional;

/**
 * What the first bytes of a connection say. Sealed, and negative results are typed, so that "not a
 * protocol I know" ({@link Unknown}: the default route, if any) can never be taken for "looked like
 * one and is broken" ({@link Malformed}: close). CVE-2026-32305 is what happens where the two are
 * mixed.
 */
public sealed interface Sniff {

  /** Undecided; the bytes so far are a proper prefix of something. */
  record NeedMore() implements Sniff {
    /** The only instance that is needed. */
    public static final NeedMore INSTANCE = new NeedMore();
  }

  /**
   * A whole TLS ClientHello.
   *
   * @param serverName the SNI host name; empty when there is none, or when it is an IP literal (RFC
   *     6066 forbids it)
   * @param alpn protocol ids in the client's order; GREASE values are kept
   */
  record Tls(Optional<HostName> serverName, List<String> alpn) implements Sniff {}

  /**
   * A whole HTTP/1 request head.
   *
   * @param host what routes it: the absolute-form or CONNECT target if there is one, else the Host
   *     header
   * @param connect the CONNECT target with its port; empty for other methods
   * @param headLength bytes of the head with its empty line, counted from the first sniffed byte
   */
  record Http(HostName host, Optional<HostPort> connect, int headLength) implements Sniff {}

  /**
   * The HTTP/2 connection preface ({@code PRI * HTTP/2.0}): cleartext HTTP/2, which names nothing
   * we can read.
   */
  record Http2Preface() implements Sniff {}

  /** A connection of another peer: its first line begins with this verb and a colon. */
  record PeerLine(Verb verb) implements Sniff {}

  /**
   * None of the protocols above: perhaps a protocol of its own, which only a default route can
   * serve.
   */
  record Unknown() implements Sniff {}

  /**
   * It began as this protocol and broke its rules, or is longer than {@link Sniffer#MAX_BYTES}.
   *
   * @param why one clause for logs and error bodies, without bytes of the client
   */
  record Malformed(Protocol protocol, String why) implements Sniff {}

  /** First words of peer connections. */
  enum Verb {
    REGISTER(64 * 1024),
    DATA(256),
    JOIN(256);

    private final int longestLine;

    Verb(int longestLine) {
      this.longestLine = longestLine;
    }

    /** Bytes after which its first line is too long, whatever may still come. */
    public int longestLine() {
      return longestLine;
    }
  }

  /** What a malformed head tried to be. */
  enum Protocol {
    TLS,
    HTTP,
    PEER
  }
}
