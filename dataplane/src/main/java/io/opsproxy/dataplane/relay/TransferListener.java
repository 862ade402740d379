package io.opsproxy.dataplane.relay;

/** Hears of a transfer, on its loop. */
public interface TransferListener {

  /**
   * Bytes that have passed since the last call; at least once a second while bytes pass, and before
   * the end.
   */
  void progress(long toUpstream, long toClient);

  /**
   * Time that reading stood still, since the last call, because the other side did not take the
   * bytes.
   *
   * @param clientSide true when it was the client that was not read
   */
  void paused(boolean clientSide, long nanos);

  /**
   * It is over and both streams are closed, but for {@link Transfer.Outcome#SILENT}. Called once.
   */
  void over(Transfer.Outcome outcome);
}
