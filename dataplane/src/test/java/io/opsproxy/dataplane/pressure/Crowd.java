package io.opsproxy.dataplane.pressure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many clients that behave badly in one way: each connects, sends what it was given as fast as it
 * is taken, and never reads. One thread drives them all, so that the machine is the peer's.
 */
final class Crowd implements AutoCloseable {
  private final InetSocketAddress target;
  private final byte[] head;
  private final long bodyLength;
  private final int receiveBuffer;
  private final ByteBuffer filler = ByteBuffer.allocateDirect(64 * 1024);
  private final Selector selector;
  private final Thread thread;
  private final AtomicInteger connected = new AtomicInteger();
  private final AtomicInteger gone = new AtomicInteger();
  private final AtomicLong sent = new AtomicLong();
  private volatile boolean over;

  private static final class Member {
    private final ByteBuffer head;
    private long bodyLeft;

    Member(byte[] head, long bodyLeft) {
      this.head = ByteBuffer.wrap(head);
      this.bodyLeft = bodyLeft;
    }
  }

  /**
   * @param bodyLength filler bytes after the head
   * @param receiveBuffer in bytes; 0 is the system's choice
   */
  Crowd(InetSocketAddress target, int count, byte[] head, long bodyLength, int receiveBuffer) {
    this.target = target;
    this.head = head.clone();
    this.bodyLength = bodyLength;
    this.receiveBuffer = receiveBuffer;
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = new Thread(() -> run(count), "crowd");
    thread.setDaemon(true);
    thread.start();
  }

  static Crowd of(
      InetSocketAddress target, int count, String head, long bodyLength, int receiveBuffer) {
    return new Crowd(
        target, count, head.getBytes(StandardCharsets.US_ASCII), bodyLength, receiveBuffer);
  }

  int connected() {
    return connected.get();
  }

  /** Connections that the other side has ended. */
  int gone() {
    return gone.get();
  }

  long sent() {
    return sent.get();
  }

  private void run(int count) {
    int begun = 0;
    try {
      while (!over) {
        // not all SYNs at once: a listener's queue is no part of what is tested
        for (int i = 0; i < 64 && begun < count && begun - connected.get() < 256; i++, begun++) {
          begin();
        }
        selector.select(10);
        for (SelectionKey key : selector.selectedKeys()) {
          advance(key);
        }
        selector.selectedKeys().clear();
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void begin() throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    if (receiveBuffer > 0) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
    }
    SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
    key.attach(new Member(head, bodyLength));
    if (channel.connect(target)) {
      connected.incrementAndGet();
      key.interestOps(SelectionKey.OP_WRITE);
    }
  }

  private void advance(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    Member member = (Member) key.attachment();
    try {
      if (key.isConnectable()) {
        channel.finishConnect();
        connected.incrementAndGet();
        key.interestOps(SelectionKey.OP_WRITE);
      }
      if (key.isWritable()) {
        send(channel, member);
        if (!member.head.hasRemaining() && member.bodyLeft == 0) {
          key.interestOps(0);
        }
      }
    } catch (IOException e) {
      gone.incrementAndGet();
      key.cancel();
      try {
        channel.close();
      } catch (IOException alreadyClosed) {
        throw new UncheckedIOException(alreadyClosed);
      }
    }
  }

  private void send(SocketChannel channel, Member member) throws IOException {
    if (member.head.hasRemaining()) {
      sent.addAndGet(channel.write(member.head));
    } else if (member.bodyLeft > 0) {
      filler.clear().limit((int) Math.min(filler.capacity(), member.bodyLeft));
      int count = channel.write(filler);
      member.bodyLeft -= count;
      sent.addAndGet(count);
    }
  }

  @Override
  public void close() {
    over = true;
    selector.wakeup();
    try {
      thread.join(20_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
