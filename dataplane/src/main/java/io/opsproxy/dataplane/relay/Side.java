package io.opsproxy.dataplane.relay;

/** One of the two streams of a {@link TwoWayTransfer}, as that sees it. On its loop. */
interface Side {

  /** It is this transfer's from now on. */
  void joined(TwoWayTransfer transfer);

  /** It is nobody's any more, and not read. */
  void released();

  /** FIN was read. */
  boolean isInputEnded();

  /** It is closed, by whichever end. */
  boolean isGone();

  /** The kernel has taken all that was written. */
  boolean nothingQueued();

  /** Bytes that the kernel has not taken yet. */
  long queued();

  /** Whether bytes are wanted from it. */
  void read(boolean wanted);

  /** Sends FIN after all that is queued; the transfer hears {@link TwoWayTransfer#drained}. */
  void finish();

  /** Closes after all that is queued. */
  void close();

  /** Closes without waiting for a reader: what is queued is lost, and it sees RST. */
  void closeNow();

  /** Closes with RST. */
  void abort();
}
