package io.opsproxy.dataplane.mesh.v2;

import io.netty.buffer.ByteBuf;
import io.opsproxy.dataplane.mesh.v2.MessageCodec.BadFrameException;
import java.util.Arrays;

/**
 * Cuts a byte stream into messages, however it arrives. Holds one read and one frame at most; an
 * idle one holds nothing. Not thread-safe.
 */
final class MessageReader {
  private static final byte[] NOTHING = new byte[0];
  private byte[] held = NOTHING;
  private int from;
  private int to;

  /** Takes all bytes. */
  void append(ByteBuf bytes) {
    int more = bytes.readableBytes();
    if (held.length - to < more) {
      byte[] larger = new byte[to - from + more];
      System.arraycopy(held, from, larger, 0, to - from);
      held = larger;
      to -= from;
      from = 0;
    }
    bytes.readBytes(held, to, more);
    to += more;
  }

  /**
   * The next message, or null when more bytes are needed.
   *
   * @throws BadFrameException on which the stream is to be closed
   */
  Message next() throws BadFrameException {
    if (to - from < MessageCodec.HEADER) {
      return null;
    }
    long length = 0;
    for (int i = 0; i < MessageCodec.HEADER; i++) {
      length = length << 8 | (held[from + i] & 0xff);
    }
    if (length > MessageCodec.MAX_FRAME) {
      throw new BadFrameException("a frame is longer than " + MessageCodec.MAX_FRAME + " bytes");
    }
    int begin = from + MessageCodec.HEADER;
    if (to - begin < length) {
      return null;
    }
    int end = begin + (int) length;
    Message message = MessageCodec.decode(held, begin, end);
    from = end;
    if (from == to) {
      held = NOTHING;
      from = 0;
      to = 0;
    }
    return message;
  }

  /** What came after the last message, which it gives up. */
  byte[] rest() {
    byte[] rest = Arrays.copyOfRange(held, from, to);
    held = NOTHING;
    from = 0;
    to = 0;
    return rest;
  }
}
