package io.opsproxy.dataplane.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * TLS ended here, over another stream: what is written is encrypted, and what is read was. A half
 * that ends ends with close_notify and FIN; a FIN without close_notify is a stream that broke,
 * because somebody on the way may have cut it. RST stays RST.
 *
 * <pre>
 *   SHAKING HANDS --handshake complete--> OPEN --close, abort, fault, RST--> CLOSED
 *         |                                                                     ^
 *         +-------------- refused by either side, or broken --------------------+
 * </pre>
 *
 * <p>What a handshake has to compute runs on an executor, never on the loop; nothing is read
 * meanwhile. An idle stream holds no buffer. All methods on its loop, as {@link Stream} says.
 */
public final class TlsStream implements Stream {
  private static final byte[] NOTHING = new byte[0];
  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  /** Plain bytes in one record, at most (RFC 8446 section 5.1). */
  private static final int RECORD = 16 * 1024;

  /** What may be written before the handshake is complete: greetings, never payload. */
  private static final int MOST_EARLY = 64 * 1024;

  private static final FastThreadLocal<Scratch> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected Scratch initialValue() {
          return new Scratch();
        }
      };

  /** Hears of the handshake, once. On the stream's loop. */
  public interface Handshake {
    /** Both sides have what they need; for TLS 1.3 the other side may still refuse this one. */
    void complete(SSLEngine engine);

    /** It failed, and the stream is closed. */
    void failed(Throwable cause);
  }

  /** Of one thread; the two never hold anything between calls. */
  private static final class Scratch {
    private final byte[] plain = new byte[2 * RECORD];
    private final byte[] secret = new byte[4 * RECORD];
  }

  private final Stream raw;
  private final SSLEngine engine;
  private final Executor executor;
  private Handshake handshake;
  private Receiver receiver;

  /** Encrypted bytes that no whole record is made of yet, or that nobody wants yet. */
  private byte[] arrived = NOTHING;

  private int arrivedFrom;
  private int arrivedTo;
  private ByteArrayOutputStream early;
  private boolean reading;
  private boolean working;
  private boolean computing;
  private boolean rawEnded;
  private boolean inputEnded;
  private boolean outputEnded;
  private boolean closedByUs;
  private Throwable failure;

  private TlsStream(Stream raw, SSLEngine engine, Executor executor, Handshake handshake) {
    this.raw = raw;
    this.engine = engine;
    this.executor = executor;
    this.handshake = handshake;
  }

  /**
   * Begins the handshake. On the stream's loop; {@code raw} belongs to the new stream from now on.
   *
   * @param raw connected
   * @param engine says which side this is, and whom it believes
   * @param executor runs what takes milliseconds
   * @param first bytes that were read from {@code raw} before
   */
  public static TlsStream over(
      Stream raw, SSLEngine engine, Executor executor, byte[] first, Handshake handshake) {
    TlsStream stream = new TlsStream(raw, engine, executor, handshake);
    stream.begin(first);
    return stream;
  }

  private void begin(byte[] first) {
    try {
      engine.beginHandshake();
    } catch (SSLException e) {
      raw.loop().execute(() -> fail(e));
      return;
    }
    arrive(Unpooled.wrappedBuffer(first));
    raw.receive(new Cipher());
    // the caller gets the stream before it hears of it
    raw.loop().execute(this::work);
  }

  /** What the other stream receives. */
  private final class Cipher implements Receiver {
    @Override
    public void received(ByteBuf bytes) {
      arrive(bytes);
      work();
    }

    @Override
    public void ended() {
      rawEnded = true;
      work();
    }

    @Override
    public void broken(Throwable cause) {
      closed(cause);
    }
  }

  private void arrive(ByteBuf bytes) {
    int more = bytes.readableBytes();
    int held = arrivedTo - arrivedFrom;
    if (arrived.length - arrivedTo < more) {
      byte[] larger = new byte[Math.max(RECORD / 4, held + more)];
      System.arraycopy(arrived, arrivedFrom, larger, 0, held);
      arrived = larger;
      arrivedFrom = 0;
      arrivedTo = held;
    }
    bytes.readBytes(arrived, arrivedTo, more);
    arrivedTo += more;
  }

  private void forget() {
    arrived = NOTHING;
    arrivedFrom = 0;
    arrivedTo = 0;
  }

  // the engine

  private boolean isShakingHands() {
    return handshake != null;
  }

  /** Goes on as far as the bytes, the reader and the engine allow. */
  private void work() {
    if (working || computing || isOver()) {
      return;
    }
    working = true;
    try {
      while (!isOver() && step()) {
        // each step has moved something
      }
    } catch (SSLException e) {
      fail(e);
    } finally {
      working = false;
    }
    if (arrivedFrom == arrivedTo) {
      forget();
    }
    if (!computing && raw.isOpen() && !rawEnded) {
      if (isShakingHands() || reading) {
        raw.receive(new Cipher());
      } else {
        raw.pause();
      }
    }
  }

  private boolean step() throws SSLException {
    HandshakeStatus status = engine.getHandshakeStatus();
    return switch (status) {
      case NEED_TASK -> {
        compute();
        yield false;
      }
      case NEED_WRAP -> wrap(EMPTY, null) || engine.getHandshakeStatus() != status;
      case NOT_HANDSHAKING, FINISHED, NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
        if (isShakingHands() && status == HandshakeStatus.NOT_HANDSHAKING) {
          complete();
          yield true;
        }
        yield (isShakingHands() || reading) && unwrap();
      }
    };
  }

  private void compute() {
    computing = true;
    raw.pause();
    Runnable task = engine.getDelegatedTask();
    EventExecutor loop = raw.loop();
    try {
      executor.execute(
          () -> {
            for (Runnable next = task; next != null; next = engine.getDelegatedTask()) {
              next.run();
            }
            onLoop(loop, this::computed);
          });
    } catch (RejectedExecutionException e) {
      computing = false;
      fail(new SSLException("too many handshakes at once", e));
    }
  }

  /** A loop that has ended has closed the stream below, and there is nobody left to tell. */
  private static void onLoop(EventExecutor loop, Runnable task) {
    if (!loop.isShuttingDown()) {
      try {
        loop.execute(task);
      } catch (RejectedExecutionException e) {
        assert loop.isShuttingDown();
      }
    }
  }

  private void computed() {
    computing = false;
    work();
  }

  private boolean unwrap() throws SSLException {
    if (inputEnded) {
      return false;
    }
    byte[] plain = SCRATCH.get().plain;
    ByteBuffer from = ByteBuffer.wrap(arrived, arrivedFrom, arrivedTo - arrivedFrom);
    SSLEngineResult result = engine.unwrap(from, ByteBuffer.wrap(plain));
    arrivedFrom += result.bytesConsumed();
    return switch (result.getStatus()) {
      case BUFFER_UNDERFLOW -> {
        if (rawEnded) {
          fail(new SSLException("it ended without close_notify"));
        }
        compact();
        yield false;
      }
      case CLOSED -> {
        inputEnded = true;
        if (isShakingHands()) {
          fail(new SSLException("the other side closed it during the handshake"));
        } else if (receiver != null && !closedByUs) {
          receiver.ended();
        }
        yield false;
      }
      case OK, BUFFER_OVERFLOW -> {
        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED && isShakingHands()) {
          complete();
        }
        if (result.bytesProduced() > 0 && receiver != null && !closedByUs) {
          receiver.received(Unpooled.wrappedBuffer(plain, 0, result.bytesProduced()));
        }
        yield true;
      }
    };
  }

  /** What waits for more keeps no more room than it needs. */
  private void compact() {
    int held = arrivedTo - arrivedFrom;
    if (held > 0 && held < arrived.length / 2) {
      arrived = Arrays.copyOfRange(arrived, arrivedFrom, arrivedTo);
      arrivedFrom = 0;
      arrivedTo = held;
    }
  }

  /** Encrypts all of it and sends it; returns whether anything was sent. */
  private boolean wrap(ByteBuffer plain, Runnable sent) throws SSLException {
    byte[] secret = SCRATCH.get().secret;
    boolean some = false;
    boolean goOn;
    do {
      ByteBuffer to = ByteBuffer.wrap(secret);
      SSLEngineResult result;
      do {
        result = engine.wrap(plain, to);
      } while (plain.hasRemaining()
          && result.getStatus() == SSLEngineResult.Status.OK
          && to.remaining() > RECORD + RECORD / 8);
      int length = to.position();
      if (length > 0) {
        some = true;
        if (!plain.hasRemaining() && sent != null) {
          raw.write(secret, 0, length, sent);
        } else {
          raw.write(secret, 0, length);
        }
      }
      if (result.getHandshakeStatus() == HandshakeStatus.FINISHED && isShakingHands()) {
        complete();
      }
      goOn = plain.hasRemaining() && result.getStatus() == SSLEngineResult.Status.OK && !isOver();
    } while (goOn);
    return some;
  }

  private void complete() throws SSLException {
    Handshake told = handshake;
    handshake = null;
    if (early != null) {
      wrap(ByteBuffer.wrap(early.toByteArray()), null);
      early = null;
    }
    told.complete(engine);
  }

  private void fail(Throwable cause) {
    if (isOver()) {
      return;
    }
    try {
      // the alert that says why, if there is one
      wrap(EMPTY, null);
    } catch (SSLException | RuntimeException e) {
      cause.addSuppressed(e);
    }
    if (isShakingHands()) {
      raw.close();
    } else {
      raw.abort();
    }
    closed(cause);
  }

  private boolean isOver() {
    return closedByUs || failure != null;
  }

  /** The other stream is gone. */
  private void closed(Throwable cause) {
    if (isOver()) {
      return;
    }
    failure = cause;
    forget();
    if (isShakingHands()) {
      Handshake told = handshake;
      handshake = null;
      told.failed(cause);
    }
    if (receiver != null) {
      closedByUs = true;
      receiver.broken(cause);
    }
  }

  // Stream

  @Override
  public EventExecutor loop() {
    return raw.loop();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return raw.remoteAddress();
  }

  @Override
  public InetSocketAddress localAddress() {
    return raw.localAddress();
  }

  @Override
  public void receive(Receiver next) {
    receiver = next;
    reading = true;
    if (failure != null && !closedByUs) {
      closedByUs = true;
      next.broken(failure);
    } else if (!closedByUs) {
      work();
    }
  }

  @Override
  public void pause() {
    reading = false;
    if (!isShakingHands() && !working && raw.isOpen()) {
      raw.pause();
    }
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    write(bytes, from, length, null);
  }

  @Override
  public void write(byte[] bytes, int from, int length, Runnable sent) {
    if (isOver() || outputEnded) {
      return;
    }
    if (isShakingHands()) {
      writeEarly(bytes, from, length);
      return;
    }
    try {
      if (length > 0) {
        wrap(ByteBuffer.wrap(bytes, from, length), sent);
      } else if (sent != null) {
        raw.write(NOTHING, 0, 0, sent);
      }
    } catch (SSLException e) {
      loop().execute(() -> fail(e));
    }
  }

  private void writeEarly(byte[] bytes, int from, int length) {
    if (early == null) {
      early = new ByteArrayOutputStream();
    }
    if (early.size() + length > MOST_EARLY) {
      throw new IllegalStateException("payload is written after the handshake");
    }
    early.write(bytes, from, length);
  }

  @Override
  public boolean isWritable() {
    return !isShakingHands() && raw.isWritable();
  }

  @Override
  public void finish() {
    if (!outputEnded && !isOver()) {
      outputEnded = true;
      sayGoodbye();
      raw.finish();
    }
  }

  private void sayGoodbye() {
    engine.closeOutbound();
    try {
      wrap(EMPTY, null);
    } catch (SSLException | RuntimeException e) {
      // it is closed in any case
      raw.abort();
    }
  }

  @Override
  public void close() {
    leave(true);
    raw.close();
  }

  @Override
  public void closeNow() {
    leave(true);
    raw.closeNow();
  }

  @Override
  public void abort() {
    leave(false);
    raw.abort();
  }

  private void leave(boolean politely) {
    if (!isOver() && politely && !outputEnded && !computing) {
      outputEnded = true;
      sayGoodbye();
    }
    closedByUs = true;
    handshake = null;
    forget();
  }

  @Override
  public void sever() {
    raw.sever();
  }

  @Override
  public boolean isOpen() {
    return !isOver() && raw.isOpen();
  }

  @Override
  public boolean isInputEnded() {
    return inputEnded;
  }

  /** As {@link Relay#move} does with the stream below; reading stops. */
  void move(Relay relay, EventExecutor next, Runnable moved) {
    reading = false;
    receiver = null;
    relay.move(
        raw,
        next,
        () -> {
          if (failure == null && !raw.isOpen()) {
            failure = new ClosedChannelException();
          }
          moved.run();
        });
  }
}
