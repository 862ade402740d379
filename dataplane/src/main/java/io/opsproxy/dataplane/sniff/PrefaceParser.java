package io.opsproxy.dataplane.sniff;

import java.nio.charset.StandardCharsets;

/**
 * The first line of the HTTP/2 connection preface (RFC 9113 section 3.4). Its 16 bytes settle it:
 * the eight that follow can only be right or an error that the HTTP/2 server behind us reports.
 */
final class PrefaceParser implements HeadParser {
  private static final byte[] LINE = "PRI * HTTP/2.0\r\n".getBytes(StandardCharsets.US_ASCII);

  private final int from;
  private int matched;

  /**
   * @param from where the preface begins
   */
  PrefaceParser(int from) {
    this.from = from;
  }

  @Override
  public Sniff advance(byte[] bytes, int length) {
    while (from + matched < length) {
      if (bytes[from + matched] != LINE[matched]) {
        return new Sniff.Malformed(
            Sniff.Protocol.HTTP, "method PRI without the HTTP/2 connection preface");
      }
      matched++;
      if (matched == LINE.length) {
        return new Sniff.Http2Preface();
      }
    }
    return Sniff.NeedMore.INSTANCE;
  }
}
