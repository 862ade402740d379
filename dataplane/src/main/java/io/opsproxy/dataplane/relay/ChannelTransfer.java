package io.opsproxy.dataplane.relay;

import io.netty.buffer.ByteBuf;

/**
 * Two joined channels.
 *
 * <pre>
 *   RUNNING --one side FIN--> HALF CLOSED --other side FIN, all delivered--> OVER
 *      |                           |                                          ^
 *      +---- either side gone, limit reached, or stopped ---------------------+
 * </pre>
 *
 * <p>Back-pressure follows from the present state of both sides, in {@link #adjust} alone: a side
 * is read while it has not ended and the other side can take bytes.
 */
final class ChannelTransfer extends TransferClock.Entry implements Transfer {
  private final ChannelStream client;
  private final ChannelStream upstream;
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

  ChannelTransfer(
      ChannelStream client,
      ChannelStream upstream,
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

  ChannelTransfer start() {
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

  private ChannelStream other(ChannelStream side) {
    return side == client ? upstream : client;
  }

  void received(ChannelStream side, ByteBuf bytes) {
    if (over) {
      bytes.release();
      return;
    }
    if (side == client) {
      toUpstream += bytes.readableBytes();
    } else {
      toClient += bytes.readableBytes();
    }
    var to = other(side).channel();
    to.write(bytes, to.voidPromise());
    if (!to.isWritable()) {
      // try to send at once: only what the kernel does not take counts as a slow reader
      to.flush();
    }
  }

  void readComplete(ChannelStream side) {
    if (!over) {
      other(side).channel().flush();
      adjust();
    }
  }

  void writabilityChanged(ChannelStream side) {
    adjust();
  }

  private void adjust() {
    if (!over) {
      boolean readClient = !client.isInputEnded() && upstream.channel().isWritable();
      boolean readUpstream = !upstream.isInputEnded() && client.channel().isWritable();
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

  void ended(ChannelStream side) {
    if (over) {
      return;
    }
    if (side == upstream && isSilent()) {
      finish(Outcome.SILENT);
      return;
    }
    ChannelStream other = other(side);
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

  void gone(ChannelStream side) {
    if (!over) {
      if (side == upstream && isSilent() && !client.isGone()) {
        finish(Outcome.SILENT);
        return;
      }
      finish(side == client ? Outcome.CLIENT_BROKE : Outcome.UPSTREAM_BROKE);
    }
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
      case CLIENT_BROKE, UPSTREAM_BROKE -> {
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
