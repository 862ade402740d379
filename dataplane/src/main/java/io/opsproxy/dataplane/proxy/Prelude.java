package io.opsproxy.dataplane.proxy;

import io.netty.buffer.ByteBuf;
import io.opsproxy.dataplane.relay.ByteBudget;
import io.opsproxy.dataplane.relay.Holding;
import java.util.Arrays;

/**
 * The first bytes of a client, kept until they are replayed to its upstream. Memory follows what
 * was received, never a length that the client declared, and all of it is charged to the byte
 * budget.
 */
final class Prelude extends Holding {
  /** More than this is not waited for: reading stops until there is an upstream. */
  static final int ENOUGH = 64 * 1024;

  private static final int SMALLEST = 256;
  private static final byte[] NOTHING = new byte[0];
  private final Runnable overBudget;
  private byte[] bytes = NOTHING;
  private int length;
  private int from;

  /**
   * @param overBudget ends the connection: it holds the most, and memory is short
   */
  Prelude(ByteBudget.Share share, Runnable overBudget) {
    super(share);
    this.overBudget = overBudget;
  }

  /** The connection may be over when this returns: {@code overBudget} has run then. */
  void append(ByteBuf more) {
    int count = more.readableBytes();
    if (length + count > bytes.length) {
      int before = bytes.length;
      bytes =
          Arrays.copyOf(
              bytes, Math.max(SMALLEST, Math.max(length + count, Math.min(2 * length, ENOUGH))));
      more.readBytes(bytes, length, count);
      length += count;
      charge(bytes.length - before);
    } else {
      more.readBytes(bytes, length, count);
      length += count;
    }
  }

  /** Nobody needs the bytes any more. */
  void drop() {
    letGo();
    bytes = NOTHING;
    length = 0;
    from = 0;
  }

  @Override
  protected void shed() {
    overBudget.run();
  }

  /**
   * The bytes before this place are not the client's own, or are answered already: they are not
   * replayed.
   */
  void skip(int count) {
    from += count;
  }

  /** What is to be replayed. */
  byte[] copy() {
    return Arrays.copyOfRange(bytes, from, length);
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
