package io.opsproxy.dataplane.mesh.v1;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts a byte stream into lines, however it arrives. Holds at most one line of bounded length: a
 * sender without a line end costs that much and no more.
 */
final class LineReader {
  private final int maxLine;
  private byte[] held = new byte[0];
  private int length;

  /**
   * @param maxLine longest line in bytes
   */
  LineReader(int maxLine) {
    this.maxLine = maxLine;
  }

  /**
   * @param lines gets each whole line, without {@code \n} and a {@code \r} before it
   * @return false when a line is longer than allowed; the caller must close the stream
   */
  boolean read(ByteBuf bytes, Consumer<String> lines) {
    while (bytes.isReadable()) {
      int end = bytes.bytesBefore((byte) '\n');
      int count = end < 0 ? bytes.readableBytes() : end;
      if (length + count > maxLine) {
        return false;
      }
      if (length + count > held.length) {
        held = Arrays.copyOf(held, Math.max(length + count, Math.min(maxLine, 2 * held.length)));
      }
      bytes.readBytes(held, length, count);
      length += count;
      if (end >= 0) {
        bytes.skipBytes(1);
        int kept = length > 0 && held[length - 1] == '\r' ? length - 1 : length;
        String line = new String(held, 0, kept, StandardCharsets.UTF_8);
        length = 0;
        held = new byte[0];
        lines.accept(line);
      }
    }
    return true;
  }
}
