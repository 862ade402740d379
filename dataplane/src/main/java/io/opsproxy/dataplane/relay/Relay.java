package io.opsproxy.dataplane.relay;

import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * What moves bytes: it listens, dials, and joins two streams until both have ended. The rest of the
 * data plane sees sockets only through this interface and {@link Stream}, so that another way of
 * moving bytes can stand behind it; one conformance suite runs against every implementation.
 *
 * <p>Every stream belongs to one event loop. Methods of a stream, and of a transfer, are called on
 * that loop only; callbacks come on that loop only.
 */
public interface Relay extends AutoCloseable {

  /** The event loops that streams are spread over; at least one. */
  List<EventExecutor> loops();

  /**
   * Binds and begins to accept. Blocks until bound; not to be called on an event loop.
   *
   * @param address port 0 lets the system choose
   * @param acceptor gets each accepted stream on the loop that owns it, reading not yet begun
   * @throws IOException when the address cannot be bound; the message names it
   */
  Binding listen(InetSocketAddress address, Acceptor acceptor) throws IOException;

  /**
   * Connects. The answer comes on {@code loop}, exactly once and after this has returned, also when
   * there is no file descriptor left; this never throws. Nothing is read from the stream before
   * someone asks. To be called on {@code loop}.
   *
   * @param target resolved
   * @param timeout more than zero
   * @param options what the platform does not have is left out
   */
  Dial dial(
      EventExecutor loop,
      InetSocketAddress target,
      Duration timeout,
      DialOptions options,
      DialListener listener);

  /** The same with the system's defaults. */
  default Dial dial(
      EventExecutor loop, InetSocketAddress target, Duration timeout, DialListener listener) {
    return dial(loop, target, timeout, DialOptions.NONE, listener);
  }

  /**
   * Joins two streams: bytes, FIN and RST of each pass to the other, reads of one wait for writes
   * of the other. When both have ended, when one broke, or when a limit is reached, both are closed
   * and the listener is told, once. Bytes written to either stream before keep their place in
   * front.
   *
   * <p>Called on the loop that owns both; both belong to the relay from then on.
   */
  Transfer join(Stream client, Stream upstream, TransferLimits limits, TransferListener listener);

  /**
   * Gives a stream to another loop: two streams can be joined only on one. Called on the stream's
   * loop; reading stops, and {@code moved} runs on the new loop. If the stream breaks meanwhile its
   * next receiver hears of it.
   */
  void move(Stream stream, EventExecutor loop, Runnable moved);

  /** Sockets that are open now: accepted, dialled and dialling. Any thread. */
  int openStreams();

  /** What this relay shares with all else in this process. Any thread. */
  Bounds bounds();

  /** The part of the byte budget of one of {@link #loops}. To be used on that loop. */
  ByteBudget.Share share(EventExecutor loop);

  /** Closes all streams and ends the event loops. Blocks for at most a few seconds. */
  @Override
  void close();

  /** A listening socket. */
  interface Binding {
    /** The bound address, with the real port. */
    InetSocketAddress address();

    /** Stops accepting; streams accepted before go on. Blocks until the socket is closed. */
    void close();
  }

  /** Gets accepted streams. */
  interface Acceptor {
    /** Called on the stream's loop. The acceptor must set a receiver or close the stream. */
    void accepted(Stream stream);

    /** One was closed at once, because no file descriptor is left for it. Called on any loop. */
    default void refused() {}
  }

  /** A connection attempt under way. */
  interface Dial {
    /** Gives it up; the listener is not called any more. On the dialling loop only. */
    void cancel();
  }

  /** The end of a connection attempt. */
  interface DialListener {
    /** Connected; the stream is paused. */
    void connected(Stream stream);

    /** Refused, unreachable, or timed out. */
    void failed(Throwable cause);
  }
}
