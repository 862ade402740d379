package io.opsproxy.dataplane.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FramedStreamTest {
  private static final byte[] END = {0, 0};

  /** A connection whose other end is the test. */
  private static final class Connection implements Stream {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private Receiver receiver;
    private boolean reading;
    private String closed = "";

    void comes(byte[] bytes) {
      assertThat(reading).as("nothing comes unread").isTrue();
      receiver.received(Unpooled.wrappedBuffer(bytes));
    }

    @Override
    public EventExecutor loop() {
      return ImmediateEventExecutor.INSTANCE;
    }

    @Override
    public InetSocketAddress remoteAddress() {
      return new InetSocketAddress("127.0.0.1", 1);
    }

    @Override
    public InetSocketAddress localAddress() {
      return new InetSocketAddress("127.0.0.1", 2);
    }

    @Override
    public void receive(Receiver next) {
      receiver = next;
      reading = true;
    }

    @Override
    public void pause() {
      reading = false;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      written.write(bytes, from, length);
    }

    @Override
    public void write(byte[] bytes, int from, int length, Runnable sent) {
      write(bytes, from, length);
      sent.run();
    }

    @Override
    public boolean isWritable() {
      return true;
    }

    @Override
    public void finish() {
      closed += "finish ";
    }

    @Override
    public void close() {
      closed += "close ";
    }

    @Override
    public void closeNow() {
      closed += "closeNow ";
    }

    @Override
    public void abort() {
      closed += "abort ";
    }

    @Override
    public void sever() {
      closed += "sever ";
    }

    @Override
    public boolean isOpen() {
      return closed.isEmpty();
    }

    @Override
    public boolean isInputEnded() {
      return false;
    }
  }

  /** What a stream hands over. */
  private static class Taken implements Receiver {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int ends;
    private int breaks;

    @Override
    public void received(ByteBuf more) {
      assertThat(ends).as("bytes after the end").isZero();
      byte[] all = new byte[more.readableBytes()];
      more.readBytes(all);
      bytes.writeBytes(all);
    }

    @Override
    public void ended() {
      ends++;
    }

    @Override
    public void broken(Throwable cause) {
      breaks++;
    }
  }

  private final Connection connection = new Connection();
  private final Taken taken = new Taken();
  private final List<byte[]> over = new ArrayList<>();
  private final FramedStream stream = new FramedStream(connection, new byte[0], over::add);

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static byte[] both(byte[] one, byte[] other) {
    byte[] all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return all;
  }

  @Test
  void whatIsWrittenIsReadHoweverItIsCut() {
    byte[] payload = random(40_000);
    stream.write(payload, 0, 5);
    stream.write(payload, 5, payload.length - 5);
    stream.finish();
    byte[] wire = connection.written.toByteArray();
    for (int size : new int[] {1, 2, 3, 7, 1000, 16 * 1024, wire.length}) {
      Connection there = new Connection();
      Taken got = new Taken();
      FramedStream reader = new FramedStream(there, new byte[0], rest -> {});
      reader.receive(got);
      for (int at = 0; at < wire.length; at += size) {
        there.comes(Arrays.copyOfRange(wire, at, Math.min(wire.length, at + size)));
      }
      assertThat(got.bytes.toByteArray()).as("cut at each %d bytes", size).isEqualTo(payload);
      assertThat(got.ends).isEqualTo(1);
      assertThat(reader.isInputEnded()).isTrue();
    }
  }

  @Test
  void isHandedBackOnceBothHalvesHaveEnded() {
    stream.receive(taken);
    connection.comes(both(FramedStream.framed(random(10)), END));
    assertThat(connection.reading).as("what follows is not this stream's").isFalse();
    stream.write(random(10), 0, 10);
    stream.finish();
    stream.close();
    assertThat(connection.closed).isEmpty();
    assertThat(over).singleElement().isEqualTo(new byte[0]);
    stream.abort();
    stream.closeNow();
    stream.write(random(10), 0, 10);
    assertThat(connection.closed).as("it is another's now").isEmpty();
    assertThat(connection.written.size()).isEqualTo(2 + 10 + 2);
  }

  @Test
  void whatComesBehindItsEndGoesToTheNext() {
    stream.receive(taken);
    connection.comes(both(both(FramedStream.framed(random(10)), END), new byte[] {9, 8, 7}));
    stream.finish();
    stream.close();
    assertThat(taken.bytes.size()).isEqualTo(10);
    assertThat(over).singleElement().isEqualTo(new byte[] {9, 8, 7});
  }

  @Test
  void isClosedWithItsConnectionWhereAHalfHasNotEnded() {
    stream.receive(taken);
    stream.finish();
    stream.close();
    assertThat(connection.closed).isEqualTo("close ");
    assertThat(over).isEmpty();
  }

  @Test
  void breaksWhenTheConnectionEndsInTheMiddle() {
    stream.receive(taken);
    connection.comes(new byte[] {0, 5, 1, 2});
    connection.receiver.ended();
    assertThat(taken.breaks).isEqualTo(1);
    assertThat(taken.ends).isZero();
    assertThat(connection.closed).isEqualTo("abort ");
    assertThat(stream.isOpen()).isFalse();
  }

  @Test
  void whatCameWhileItWasPausedIsHandedOverFirst() {
    stream.receive(taken);
    stream.pause();
    connection.receiver.received(Unpooled.wrappedBuffer(FramedStream.framed(new byte[] {1, 2})));
    assertThat(taken.bytes.size()).isZero();
    stream.receive(taken);
    connection.comes(FramedStream.framed(new byte[] {3}));
    assertThat(taken.bytes.toByteArray()).containsExactly(1, 2, 3);
  }

  @Test
  void aReaderThatStopsAndGoesOnAtOnceGetsAllInOrder() {
    Taken last = new Taken();
    stream.receive(
        new Taken() {
          @Override
          public void received(ByteBuf more) {
            last.received(more);
            stream.pause();
            stream.receive(this);
          }
        });
    connection.comes(
        both(FramedStream.framed(new byte[] {1}), FramedStream.framed(new byte[] {2, 3})));
    connection.comes(FramedStream.framed(new byte[] {4}));
    assertThat(last.bytes.toByteArray()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void nothingWrittenIsNoEnd() {
    int[] sent = new int[1];
    stream.write(new byte[0], 0, 0, () -> sent[0]++);
    assertThat(connection.written.size()).isZero();
    assertThat(sent[0]).isEqualTo(1);
  }
}
