package io.opsproxy.dataplane.mesh.v1;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a byte stream into lines, however it arrives. What has been read and not been taken as lines
 * is held; who reads stops while whole lines are left, so that it is at most one line of bounded
 * length and one read.
 */
final class LineReader {
  private static final byte[] NOTHING = new byte[0];
  private final int maxLine;
  private byte[] held = NOTHING;
  private int from;
  private int to;

  /** Up to here there is no line end. */
  private int searched;

  private boolean tooLong;

  /**
   * @param maxLine longest line in bytes
   */
  LineReader(int maxLine) {
    this.maxLine = maxLine;
  }

  /** Takes all bytes. */
  void append(ByteBuf bytes) {
    int count = bytes.readableBytes();
    if (from > 0) {
      System.arraycopy(held, from, held, 0, to - from);
      searched -= from;
      to -= from;
      from = 0;
    }
    if (to + count > held.length) {
      held = Arrays.copyOf(held, Math.max(to + count, Math.min(maxLine, 2 * held.length)));
    }
    bytes.readBytes(held, to, count);
    to += count;
    find();
  }

  private void find() {
    while (searched < to && held[searched] != '\n') {
      searched++;
    }
    tooLong = searched - from > maxLine;
  }

  /** Whether there is a whole line. */
  boolean hasNext() {
    return !tooLong && searched < to;
  }

  /** The next line, without {@code \n} and a {@code \r} before it; there must be one. */
  String next() {
    int end = searched > from && held[searched - 1] == '\r' ? searched - 1 : searched;
    String line = new String(held, from, end - from, StandardCharsets.UTF_8);
    searched++;
    from = searched;
    if (from == to) {
      // a link is idle most of its life
      held = NOTHING;
      from = 0;
      to = 0;
      searched = 0;
    }
    find();
    return line;
  }

  /** Whether the next line is longer than allowed; the caller must close the stream. */
  boolean isTooLong() {
    return tooLong;
  }
}
