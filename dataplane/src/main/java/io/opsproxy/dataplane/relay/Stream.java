package io.opsproxy.dataplane.relay;

import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;

/**
 * One TCP connection, accepted or dialled. All methods on its event loop, except {@link #loop()},
 * {@link #sever()} and the addresses.
 */
public interface Stream {

  /** The loop that owns it. Changes only while {@link Relay#move} moves it. */
  EventExecutor loop();

  /** The other end. */
  InetSocketAddress remoteAddress();

  /** This end. */
  InetSocketAddress localAddress();

  /** Hands bytes and the end to this receiver from now on, and reads. */
  void receive(Receiver receiver);

  /**
   * Stops reading until {@link #receive} or a join; at most what one read had already fetched still
   * comes.
   */
  void pause();

  /**
   * Sends a copy of these bytes, after all that was written before. Nothing happens when it is
   * closed.
   */
  void write(byte[] bytes, int from, int length);

  /**
   * The same, and runs {@code sent} on the loop once the kernel has taken all that was written. It
   * is not run when the stream breaks first: the receiver hears of that.
   */
  void write(byte[] bytes, int from, int length, Runnable sent);

  /** False while so much waits to be sent that more would only be held in memory. */
  boolean isWritable();

  /** Sends FIN after all that was written; the other direction goes on. */
  void finish();

  /** Closes both directions after all that was written is sent. */
  void close();

  /**
   * Closes now, whether the other side reads or not: what it has not taken is dropped, and then it
   * sees RST.
   */
  void closeNow();

  /** Closes with RST and drops what was not sent. */
  void abort();

  /**
   * Closes with RST as if the other side had: whoever has the stream hears that it broke. Any
   * thread.
   */
  void sever();

  /** False once it is closed, by whichever side. */
  boolean isOpen();

  /** Whether the other end has sent FIN, and all before it was handed over. */
  boolean isInputEnded();
}
