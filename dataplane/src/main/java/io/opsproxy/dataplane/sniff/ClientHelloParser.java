package io.opsproxy.dataplane.sniff;

/**
 * Follows TLS records until they hold a whole ClientHello (RFC 8446 sections 4 and 5.1), then has
 * {@link ClientHello} read it once, in place. The hello may be cut into any number of records:
 * readers that look into the first one only can be shown another name than the server sees
 * (CVE-2026-32305).
 *
 * <p>Until the hello is complete this only skips, so it keeps no bytes and trusts no length further
 * than the bytes that came.
 */
final class ClientHelloParser implements HeadParser {
  private static final int HANDSHAKE = 22;
  private static final int CLIENT_HELLO = 1;

  /** Length of a record header, in bytes. */
  static final int RECORD_HEADER = 5;

  /** Length of the type and length before a handshake message, in bytes. */
  static final int MESSAGE_HEADER = 4;

  /** Longest plaintext of one record, in bytes (RFC 8446 section 5.1). */
  private static final int MAX_RECORD = 1 << 14;

  private static final String TOO_LONG = "ClientHello is longer than 64 KiB";

  private final int from;
  private int position;
  private int headerRead;
  private int recordLeft;
  private int messageRead;
  private int messageLength = MESSAGE_HEADER;

  /**
   * @param from where the first record begins
   */
  ClientHelloParser(int from) {
    this.from = from;
    this.position = from;
  }

  @Override
  public Sniff advance(byte[] bytes, int length) {
    int limit = Math.min(length, from + Sniffer.MAX_BYTES);
    while (position < limit) {
      String why = null;
      if (headerRead < RECORD_HEADER) {
        why = recordHeader(bytes[position] & 0xff);
        position++;
      } else if (messageRead < MESSAGE_HEADER) {
        why = messageHeader(bytes[position] & 0xff);
        skip(1);
      } else {
        skip(Math.min(limit - position, Math.min(recordLeft, messageLength - messageRead)));
      }
      if (why != null) {
        return malformed(why);
      }
      if (messageRead >= MESSAGE_HEADER && messageRead == messageLength) {
        return ClientHello.read(new HandshakeCursor(bytes, from, messageLength));
      }
    }
    return limit == from + Sniffer.MAX_BYTES ? malformed(TOO_LONG) : Sniff.NeedMore.INSTANCE;
  }

  /** Takes one byte of a record header; returns what is wrong with it, or null. */
  private String recordHeader(int b) {
    int index = headerRead++;
    if (index == 0) {
      return b == HANDSHAKE ? null : "another TLS record type inside the ClientHello";
    }
    if (index == 1) {
      return b == 3 ? null : "TLS record version is not 3.x";
    }
    if (index == 2) {
      return null; // RFC 8446: the minor version of a record must be ignored
    }
    if (index == 3) {
      recordLeft = b << 8;
      return null;
    }
    recordLeft |= b;
    if (recordLeft == 0) {
      return "TLS handshake record is empty";
    }
    return recordLeft > MAX_RECORD ? "TLS record is longer than 16384 bytes" : null;
  }

  /** Takes one byte of type and length of the message; returns what is wrong with it, or null. */
  private String messageHeader(int b) {
    if (messageRead == 0) {
      return b == CLIENT_HELLO ? null : "first TLS handshake message is not a ClientHello";
    }
    messageLength += b << (8 * (MESSAGE_HEADER - 1 - messageRead));
    return RECORD_HEADER + messageLength > Sniffer.MAX_BYTES ? TOO_LONG : null;
  }

  private void skip(int count) {
    position += count;
    messageRead += count;
    recordLeft -= count;
    if (recordLeft == 0) {
      headerRead = 0;
    }
  }

  private static Sniff malformed(String why) {
    return new Sniff.Malformed(Sniff.Protocol.TLS, why);
  }
}
