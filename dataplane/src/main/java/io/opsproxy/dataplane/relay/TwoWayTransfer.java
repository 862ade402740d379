package io.opsproxy.dataplane.relay;

/**
 * Two joined streams, whatever moves their bytes.
 *
 * <pre>
 *   RUNNING --one side FIN--> HALF CLOSED --other side FIN, all delivered--> OVER
 *      |                           |                                          ^
 *      +---- either side gone, limit reached, shed, or stopped ---------------+
 * </pre>
 *
 * <p>Back-pressure follows from the present state of both sides, in {@link #adjust} alone: a side
 * is read while it has not ended and nothing waits to be taken by the other. So what one flow holds
 * is at most the rest of one read.
 */
final class TwoWayTransfer extends TransferClock.Entry implements Transfer {
  private final Side client;
  private final Side upstream;
  private final TransferClock clock;
  private final long idle;
  private final long halfClosed;
  private final boolean reclaimSilent;
  private final TransferListener listener;
  private long toUpstream;
  private long toClient;
  private long reportedToUpstream;
  private long reportedToClient;
  private long clientPausedAt;
  private long upstreamPausedAt;
  private boolean over;

  TwoWayTransfer(
      Side client,
      Side upstream,
      TransferClock clock,
      TransferLimits limits,
      TransferListener listener) {
    this.client = client;
    this.upstream = upstream;
    this.clock = clock;
    this.idle = limits.idle().toNanos();
    this.halfClosed = limits.halfClosed().toNanos();
    this.reclaimSilent = limits.reclaimSilent();
    this.listener = listener;
  }

  TwoWayTransfer start() {
    client.joined(this);
    upstream.joined(this);
    clock.add(this);
    if (client.isGone() || upstream.isGone()) {
      gone(client.isGone() ? client : upstream);
      return this;
    }
    if (client.isInputEnded()) {
      ended(client);
    }
    if (!over && upstream.isInputEnded()) {
      ended(upstream);
    }
    adjust();
    return this;
  }

  /** Where the bytes of this side go. */
  Side other(Side side) {
    return side == client ? upstream : client;
  }

  // what the sides tell

  /** Bytes were read from this side and are about to be written to the other. */
  void passed(Side from, int bytes) {
    if (from == client) {
      toUpstream += bytes;
    } else {
      toClient += bytes;
    }
  }

  /** Whether a side may be read has to be seen anew: bytes were queued, or taken. */
  void adjust() {
    if (!over) {
      boolean readClient = !client.isInputEnded() && upstream.nothingQueued();
      boolean readUpstream = !upstream.isInputEnded() && client.nothingQueued();
      client.read(readClient);
      upstream.read(readUpstream);
      notePause(readClient || client.isInputEnded(), readUpstream || upstream.isInputEnded());
    }
  }

  private void notePause(boolean clientFlows, boolean upstreamFlows) {
    if (clientFlows ? clientPausedAt != 0 : clientPausedAt == 0) {
      long now = System.nanoTime();
      if (clientFlows) {
        listener.paused(true, now - clientPausedAt);
      }
      clientPausedAt = clientFlows ? 0 : now;
    }
    if (upstreamFlows ? upstreamPausedAt != 0 : upstreamPausedAt == 0) {
      long now = System.nanoTime();
      if (upstreamFlows) {
        listener.paused(false, now - upstreamPausedAt);
      }
      upstreamPausedAt = upstreamFlows ? 0 : now;
    }
  }

  /** FIN of this side was read. */
  void ended(Side side) {
    if (over) {
      return;
    }
    if (side == upstream && isSilent()) {
      finish(Outcome.SILENT);
      return;
    }
    Side other = other(side);
    if (!other.isInputEnded() || !other.nothingQueued()) {
      other.finish();
      clock.limitChanged(this);
    }
    drained();
  }

  /** Both have ended and all is delivered: the last FIN goes out with the close. */
  void drained() {
    if (client.isInputEnded()
        && upstream.isInputEnded()
        && client.nothingQueued()
        && upstream.nothingQueued()) {
      finish(Outcome.ENDED);
    }
  }

  /** This side is closed. */
  void gone(Side side) {
    if (!over) {
      if (side == upstream && isSilent() && !client.isGone()) {
        finish(Outcome.SILENT);
        return;
      }
      finish(side == client ? Outcome.CLIENT_BROKE : Outcome.UPSTREAM_BROKE);
    }
  }

  /** What waits for one of the sides is more than this process can hold. */
  void shed() {
    finish(Outcome.SHED);
  }

  private boolean isSilent() {
    return reclaimSilent && toClient == 0;
  }

  @Override
  public void stop() {
    finish(Outcome.STOPPED);
  }

  private void finish(Outcome outcome) {
    if (over) {
      return;
    }
    over = true;
    clock.remove(this);
    report();
    notePause(true, true);
    switch (outcome) {
      case ENDED -> {
        client.close();
        upstream.close();
      }
      case SILENT -> {
        upstream.abort();
        client.released();
      }
      case CLIENT_BROKE, UPSTREAM_BROKE, SHED -> {
        client.abort();
        upstream.abort();
      }
      default -> {
        client.closeNow();
        upstream.closeNow();
      }
    }
    listener.over(outcome);
  }

  boolean isOver() {
    return over;
  }

  @Override
  public long toUpstream() {
    return toUpstream;
  }

  @Override
  public long toClient() {
    return toClient;
  }

  @Override
  long total() {
    return 2 * (toUpstream + toClient) - client.queued() - upstream.queued();
  }

  @Override
  long limitNanos() {
    return client.isInputEnded() || upstream.isInputEnded() ? Math.min(idle, halfClosed) : idle;
  }

  @Override
  void report() {
    if (toUpstream != reportedToUpstream || toClient != reportedToClient) {
      listener.progress(toUpstream - reportedToUpstream, toClient - reportedToClient);
      reportedToUpstream = toUpstream;
      reportedToClient = toClient;
    }
  }

  @Override
  void expire() {
    finish(client.isInputEnded() || upstream.isInputEnded() ? Outcome.HALF_CLOSED : Outcome.IDLE);
  }
}
