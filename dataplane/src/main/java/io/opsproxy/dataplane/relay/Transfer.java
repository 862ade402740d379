package io.opsproxy.dataplane.relay;

/** Two joined streams. On their loop only. */
public interface Transfer {

  /** Why a transfer is over. */
  enum Outcome {
    /** Both sides sent FIN. */
    ENDED,
    /** The client's side was reset or failed. */
    CLIENT_BROKE,
    /** The upstream's side was reset or failed. */
    UPSTREAM_BROKE,
    /**
     * The upstream ended or broke before its first byte, and {@link TransferLimits#reclaimSilent}
     * is set: the client is still open, not read, and the caller's again.
     */
    SILENT,
    /** No byte for {@link TransferLimits#idle}. */
    IDLE,
    /** One side had ended, and no byte for {@link TransferLimits#halfClosed}. */
    HALF_CLOSED,
    /** What waited for one side was the most of what this process could hold: the byte budget. */
    SHED,
    /** {@link Transfer#stop} was called. */
    STOPPED
  }

  /** Bytes taken from the client so far. */
  long toUpstream();

  /** Bytes taken from the upstream so far. */
  long toClient();

  /** Closes both sides; the listener hears {@link Outcome#STOPPED} unless it is over already. */
  void stop();
}
