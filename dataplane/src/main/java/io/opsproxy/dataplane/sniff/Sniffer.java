package io.opsproxy.dataplane.sniff;

/** Placeholder signature: the parsers stand behind this. */
public final class Sniffer {
  /** Longest head or ClientHello that is looked at, in bytes. */
  public static final int MAX_BYTES = 64 * 1024;

  /**
   * Looks at all bytes received so far; called again when more have come. Work already done is not
   * done again.
   *
   * @param bytes what was received; only {@code [from, length)} is looked at
   * @param from where the client's own bytes begin (after a PROXY header), the same in every call
   * @param length end of what was received
   */
  public Sniff sniff(byte[] bytes, int from, int length) {
    return length > from + bytes.length ? Sniff.NeedMore.INSTANCE : new Sniff.Unknown();
  }
}
