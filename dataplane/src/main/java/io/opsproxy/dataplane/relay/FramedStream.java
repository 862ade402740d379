package io.opsproxy.dataplane.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.EOFException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * One of the streams that a connection carries one after the other, so that what the connection has
 * cost, a TLS handshake above all, is paid once for many. Bytes go in chunks of a length (2 bytes)
 * and as many bytes; length 0 is the end of a half. When both halves have ended, {@link #close}
 * hands the connection back instead of closing it; whatever else happens closes the connection, as
 * it would a stream of its own. All methods on its loop, as {@link Stream} says.
 */
public final class FramedStream implements Stream {
  private static final int HEADER = 2;

  /** A chunk and its header are one TLS record (RFC 8446 section 5.1). */
  private static final int MOST = 16 * 1024 - HEADER;

  private static final byte[] NOTHING = new byte[0];
  private static final byte[] END = new byte[HEADER];

  private static final FastThreadLocal<byte[]> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[4 * (MOST + HEADER)];
        }
      };

  private final Stream under;
  private final Consumer<byte[]> over;

  /** What came and was not handed over: less than a chunk, or behind the end. */
  private byte[] held;

  /** Of the chunk that is being read. */
  private int left;

  private Receiver receiver;
  private boolean reading;
  private boolean taking;
  private boolean readAgain;
  private boolean inputEnded;
  private boolean outputEnded;
  private boolean gone;

  /**
   * @param under the connection
   * @param first bytes that were read from it before
   * @param over gets what came behind this stream, mostly nothing, when the connection is free
   *     again; in another turn of the loop, once, or never where it is closed
   */
  public FramedStream(Stream under, byte[] first, Consumer<byte[]> over) {
    this.under = under;
    this.held = first;
    this.over = over;
  }

  /** These bytes as chunks. */
  public static byte[] framed(byte[] bytes) {
    byte[] all = new byte[room(bytes.length)];
    frame(bytes, 0, bytes.length, all);
    return all;
  }

  private static int room(int length) {
    return length + HEADER * ((length + MOST - 1) / MOST);
  }

  private static void frame(byte[] bytes, int from, int length, byte[] to) {
    int at = 0;
    for (int done = 0; done < length; ) {
      int chunk = Math.min(MOST, length - done);
      to[at] = (byte) (chunk >>> 8);
      to[at + 1] = (byte) chunk;
      System.arraycopy(bytes, from + done, to, at + HEADER, chunk);
      at += HEADER + chunk;
      done += chunk;
    }
  }

  /** What the connection hands over. */
  private final class Chunks implements Receiver {
    @Override
    public void received(ByteBuf bytes) {
      take(bytes);
      if (readAgain) {
        read();
      }
    }

    @Override
    public void ended() {
      under.abort();
      broken(new EOFException("the connection ended before the stream did"));
    }

    @Override
    public void broken(Throwable cause) {
      if (!gone) {
        gone = true;
        held = NOTHING;
        receiver.broken(cause);
      }
    }
  }

  private void take(ByteBuf bytes) {
    ByteBuf all =
        held.length == 0 ? bytes : Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(held), bytes);
    held = NOTHING;
    taking = true;
    while (!gone && !inputEnded && reading && step(all)) {
      // each step has handed something over
    }
    taking = false;
    if (!gone && all.isReadable()) {
      held = new byte[all.readableBytes()];
      all.readBytes(held);
    } else {
      all.skipBytes(all.readableBytes());
    }
  }

  private boolean step(ByteBuf all) {
    if (left == 0) {
      if (all.readableBytes() < HEADER) {
        return false;
      }
      left = all.readUnsignedShort();
      if (left == 0) {
        inputEnded = true;
        under.pause();
        receiver.ended();
        return false;
      }
    }
    int count = Math.min(left, all.readableBytes());
    if (count == 0) {
      return false;
    }
    left -= count;
    receiver.received(all.readSlice(count));
    return true;
  }

  @Override
  public EventExecutor loop() {
    return under.loop();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return under.remoteAddress();
  }

  @Override
  public InetSocketAddress localAddress() {
    return under.localAddress();
  }

  @Override
  public void receive(Receiver next) {
    receiver = next;
    reading = true;
    if (taking) {
      // whoever hands over sees it, and nothing that comes later may overtake that
      readAgain = true;
      return;
    }
    if (!gone && !inputEnded) {
      take(Unpooled.EMPTY_BUFFER);
      read();
    }
  }

  private void read() {
    readAgain = false;
    if (reading && !gone && !inputEnded) {
      under.receive(new Chunks());
    }
  }

  @Override
  public void pause() {
    reading = false;
    if (!gone) {
      under.pause();
    }
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    write(bytes, from, length, null);
  }

  @Override
  public void write(byte[] bytes, int from, int length, Runnable sent) {
    if (gone || outputEnded) {
      return;
    }
    int room = room(length);
    byte[] scratch = SCRATCH.get();
    byte[] chunks = room <= scratch.length ? scratch : new byte[room];
    frame(bytes, from, length, chunks);
    if (sent == null) {
      under.write(chunks, 0, room);
    } else {
      under.write(chunks, 0, room, sent);
    }
  }

  @Override
  public boolean isWritable() {
    return !gone && under.isWritable();
  }

  @Override
  public void finish() {
    if (!gone && !outputEnded) {
      outputEnded = true;
      under.write(END, 0, END.length);
    }
  }

  @Override
  public void close() {
    if (gone) {
      return;
    }
    gone = true;
    if (inputEnded && outputEnded && under.isOpen()) {
      byte[] rest = held;
      held = NOTHING;
      under.pause();
      loop().execute(() -> over.accept(rest));
    } else {
      under.close();
    }
  }

  @Override
  public void closeNow() {
    if (!gone) {
      gone = true;
      under.closeNow();
    }
  }

  @Override
  public void abort() {
    if (!gone) {
      gone = true;
      under.abort();
    }
  }

  @Override
  public void sever() {
    under.sever();
  }

  @Override
  public boolean isOpen() {
    return !gone && under.isOpen();
  }

  @Override
  public boolean isInputEnded() {
    return inputEnded;
  }
}
