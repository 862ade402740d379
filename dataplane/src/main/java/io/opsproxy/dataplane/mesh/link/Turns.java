package io.opsproxy.dataplane.mesh.link;

import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.relay.Stream;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Lets the protocol of a link work in turns, with time for the loop's other work between them, and
 * reads from the stream what the protocol can keep up with and no more. On the link's loop.
 */
final class Turns {
  /** Between two turns, so that the loop gets to its other work. */
  private static final long BREAK = TimeUnit.MILLISECONDS.toNanos(1);

  /** The same, as a multiple of what the turn took: no link has more than a fifth of a loop. */
  private static final int REST = 4;

  private final Stream stream;
  private final LinkProtocol protocol;
  private final Receiver receiver;
  private final Consumer<Throwable> failed;
  private boolean paused;
  private boolean working;
  private boolean behind;
  private boolean waiting;
  private boolean over;
  private ScheduledFuture<?> later;

  /**
   * @param receiver gets what is read
   * @param failed gets an exception of a turn that the loop's executor began
   */
  Turns(Stream stream, LinkProtocol protocol, Receiver receiver, Consumer<Throwable> failed) {
    this.stream = stream;
    this.protocol = protocol;
    this.receiver = receiver;
    this.failed = failed;
  }

  /** There may be something to work on: now, or when the break is over. */
  void next() {
    if (over || working || later != null) {
      return;
    }
    long began = System.nanoTime();
    LinkProtocol.Work left;
    working = true;
    try {
      left = protocol.work();
    } finally {
      working = false;
    }
    long took = System.nanoTime() - began;
    boolean more = left == LinkProtocol.Work.MORE || took > BREAK;
    if (more && !over) {
      long pause = Math.max(BREAK, REST * took);
      later = stream.loop().schedule(Guard.of(this::again, failed), pause, TimeUnit.NANOSECONDS);
    }
    waiting = left == LinkProtocol.Work.WAITS;
    behind = more || waiting;
    adjust();
  }

  private void again() {
    later = null;
    next();
  }

  /**
   * Reads while the protocol keeps up, and while the other side takes what it is answered: from a
   * peer that does not read no more is taken.
   */
  void adjust() {
    boolean wanted = !behind && stream.isWritable();
    if (over || wanted == !paused) {
      return;
    }
    paused = !wanted;
    if (wanted) {
      stream.receive(receiver);
    } else {
      stream.pause();
    }
  }

  /** Whether the protocol waits for something on this side, and nothing is read until then. */
  boolean isWaiting() {
    return waiting;
  }

  /** The link is closed. */
  void stop() {
    over = true;
    if (later != null) {
      later.cancel(false);
    }
  }
}
