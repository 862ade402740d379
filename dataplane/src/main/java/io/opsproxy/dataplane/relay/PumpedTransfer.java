package io.opsproxy.dataplane.relay;

import io.netty.buffer.ByteBuf;

/**
 * Two joined streams of which one is not a socket of the relay's own: bytes go through {@link
 * Receiver} and {@link Stream#write}. A side is read while the other has taken all that was read
 * before, so one read at most waits, and is charged to the stream that it waits for.
 */
final class PumpedTransfer extends TransferClock.Entry implements Transfer {
  private static final byte[] NOTHING = new byte[0];
  private final TransferClock clock;
  private final TransferLimits limits;
  private final TransferListener listener;
  private final Pump toUpstream;
  private final Pump toClient;
  private long reportedToUpstream;
  private long reportedToClient;
  private long taken;
  private boolean over;

  PumpedTransfer(
      Stream client,
      Stream upstream,
      TransferClock clock,
      TransferLimits limits,
      TransferListener listener) {
    this.clock = clock;
    this.limits = limits;
    this.listener = listener;
    toUpstream = new Pump(client, upstream);
    toClient = new Pump(upstream, client);
  }

  PumpedTransfer start() {
    clock.add(this);
    toUpstream.start();
    toClient.start();
    return this;
  }

  /** One direction. */
  private final class Pump implements Receiver {
    private final Stream from;
    private final Stream to;
    private long bytes;
    private boolean ended;
    private boolean waits;
    private long waitsSince;

    Pump(Stream from, Stream to) {
      this.from = from;
      this.to = to;
    }

    void start() {
      if (over) {
        return;
      }
      if (from.isInputEnded()) {
        ended();
      } else if (to.isWritable()) {
        from.receive(this);
      } else {
        hold();
      }
    }

    @Override
    public void received(ByteBuf read) {
      if (over) {
        return;
      }
      int length = read.readableBytes();
      bytes += length;
      if (read.hasArray()) {
        to.write(read.array(), read.arrayOffset() + read.readerIndex(), length);
      } else {
        byte[] copy = new byte[length];
        read.readBytes(copy);
        to.write(copy, 0, length);
      }
      if (!over && !waits && !to.isWritable()) {
        from.pause();
        hold();
      }
    }

    private void hold() {
      waits = true;
      waitsSince = System.nanoTime();
      to.write(NOTHING, 0, 0, this::wasTaken);
    }

    private void wasTaken() {
      waits = false;
      taken++;
      if (!over) {
        listener.paused(this == toUpstream, System.nanoTime() - waitsSince);
        if (!ended) {
          from.receive(this);
        }
      }
    }

    @Override
    public void ended() {
      if (over || ended) {
        return;
      }
      ended = true;
      if (this == toClient && isSilent()) {
        finish(Outcome.SILENT);
        return;
      }
      to.finish();
      if (toUpstream.ended && toClient.ended) {
        finish(Outcome.ENDED);
      } else {
        clock.limitChanged(PumpedTransfer.this);
      }
    }

    @Override
    public void broken(Throwable cause) {
      if (this == toClient && isSilent()) {
        finish(Outcome.SILENT);
      } else {
        finish(this == toUpstream ? Outcome.CLIENT_BROKE : Outcome.UPSTREAM_BROKE);
      }
    }
  }

  private boolean isSilent() {
    return limits.reclaimSilent() && toClient.bytes == 0;
  }

  private void finish(Outcome outcome) {
    if (over) {
      return;
    }
    over = true;
    clock.remove(this);
    report();
    Stream client = toUpstream.from;
    Stream upstream = toClient.from;
    switch (outcome) {
      case ENDED -> {
        client.close();
        upstream.close();
      }
      case SILENT -> {
        upstream.abort();
        client.pause();
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

  @Override
  public long toUpstream() {
    return toUpstream.bytes;
  }

  @Override
  public long toClient() {
    return toClient.bytes;
  }

  @Override
  public void stop() {
    finish(Outcome.STOPPED);
  }

  @Override
  long total() {
    return toUpstream.bytes + toClient.bytes + taken;
  }

  @Override
  long limitNanos() {
    long idle = limits.idle().toNanos();
    return toUpstream.ended || toClient.ended
        ? Math.min(idle, limits.halfClosed().toNanos())
        : idle;
  }

  @Override
  void report() {
    if (toUpstream.bytes != reportedToUpstream || toClient.bytes != reportedToClient) {
      listener.progress(toUpstream.bytes - reportedToUpstream, toClient.bytes - reportedToClient);
      reportedToUpstream = toUpstream.bytes;
      reportedToClient = toClient.bytes;
    }
  }

  @Override
  void expire() {
    finish(toUpstream.ended || toClient.ended ? Outcome.HALF_CLOSED : Outcome.IDLE);
  }
}
