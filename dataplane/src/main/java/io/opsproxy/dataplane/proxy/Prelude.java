package io.opsproxy.dataplane.proxy;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The first bytes of a client, kept until they are replayed to its upstream. Memory follows what
 * was received, never a length that the client declared.
 */
final class Prelude {
  /** More than this is not waited for: reading stops until there is an upstream. */
  static final int ENOUGH = 64 * 1024;

  private static final int SMALLEST = 256;
  private byte[] bytes = new byte[0];
  private int length;
  private int from;

  void append(ByteBuf more) {
    int count = more.readableBytes();
    if (length + count > bytes.length) {
      bytes =
          Arrays.copyOf(
              bytes, Math.max(SMALLEST, Math.max(length + count, Math.min(2 * length, ENOUGH))));
    }
    more.readBytes(bytes, length, count);
    length += count;
  }

  /**
   * The bytes before this place are not the client's own, or are answered already: they are not
   * replayed.
   */
  void skip(int count) {
    from += count;
  }

  byte[] bytes() {
    return bytes;
  }

  int from() {
    return from;
  }

  /** End of the received bytes in {@link #bytes}. */
  int length() {
    return length;
  }

  int remaining() {
    return length - from;
  }

  boolean isEmpty() {
    return length == from;
  }
}
