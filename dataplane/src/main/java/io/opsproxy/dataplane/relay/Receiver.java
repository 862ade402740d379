package io.opsproxy.dataplane.relay;

import io.netty.buffer.ByteBuf;

/** Gets what a stream that is not joined receives. Called on the stream's loop. */
public interface Receiver {

  /** Bytes came; the buffer is lent for the call. */
  void received(ByteBuf bytes);

  /**
   * The other end sent FIN: no more bytes will come, but it may still read. Called at most once.
   */
  void ended();

  /**
   * The stream is gone without a FIN before: reset, timed out, or failed. It is closed already. Not
   * called after {@link Stream#close} or {@link Stream#abort} of our own.
   */
  void broken(Throwable cause);
}
