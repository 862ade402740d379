package io.opsproxy.dataplane.sniff;

import java.nio.charset.StandardCharsets;

/**
 * Reads a handshake message where it lies, stepping over the headers of the records it is cut into.
 * The records must have been checked and be complete.
 *
 * <p>A read past the end of the innermost open vector fails: it gives zero, and so does every later
 * read. So a reader need not check each step, only {@link #failed()} before it uses a result.
 */
final class HandshakeCursor {
  private final byte[] bytes;
  private int position;
  private int recordLeft;
  private int offset;
  private int limit;
  private boolean failed;

  /**
   * @param record where the first record begins
   * @param length bytes of the message, its header included, without record headers
   */
  HandshakeCursor(byte[] bytes, int record, int length) {
    this.bytes = bytes;
    this.limit = length;
    enterRecord(record);
  }

  private void enterRecord(int header) {
    recordLeft = ((bytes[header + 3] & 0xff) << 8) | (bytes[header + 4] & 0xff);
    position = header + ClientHelloParser.RECORD_HEADER;
  }

  /** Whether the open vector has bytes left. */
  boolean hasMore() {
    return !failed && offset < limit;
  }

  /** Whether any length did not fit. */
  boolean failed() {
    return failed;
  }

  /** An unsigned number of 1 to 3 bytes. */
  int number(int size) {
    int value = 0;
    if (has(size)) {
      for (int i = 0; i < size; i++) {
        value = (value << 8) | next();
      }
    }
    return value;
  }

  void skip(int count) {
    if (!has(count)) {
      return;
    }
    int left = count;
    while (left > 0) {
      if (recordLeft == 0) {
        enterRecord(position);
      }
      int step = Math.min(left, recordLeft);
      position += step;
      recordLeft -= step;
      left -= step;
    }
    offset += count;
  }

  /** One char a byte. */
  String text(int count) {
    if (!has(count)) {
      return "";
    }
    byte[] copy = new byte[count];
    for (int i = 0; i < count; i++) {
      copy[i] = (byte) next();
    }
    return new String(copy, StandardCharsets.ISO_8859_1);
  }

  /**
   * Opens a vector whose length comes first.
   *
   * @param lengthSize bytes of that length
   * @return what {@link #close} needs
   */
  int open(int lengthSize) {
    int outer = limit;
    int length = number(lengthSize);
    if (has(length)) {
      limit = offset + length;
    }
    return outer;
  }

  /** Bytes left in the open vector. */
  int left() {
    return failed ? 0 : limit - offset;
  }

  /** Closes the vector, which must have been read to its end. */
  void close(int outer) {
    if (offset != limit) {
      failed = true;
    }
    limit = outer;
  }

  private boolean has(int count) {
    if (count > limit - offset) {
      failed = true;
    }
    return !failed;
  }

  private int next() {
    if (recordLeft == 0) {
      enterRecord(position);
    }
    recordLeft--;
    offset++;
    return bytes[position++] & 0xff;
  }
}
