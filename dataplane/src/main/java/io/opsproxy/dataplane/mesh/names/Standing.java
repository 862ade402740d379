package io.opsproxy.dataplane.mesh.names;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How a link has answered so far, and with that whether it is asked in its turn or after all
 * others. Any thread.
 */
public final class Standing {
  /** After the second time-out in a row a sign of life alone is not enough: 10 s, doubled each. */
  private static final long FIRST_PAUSE = TimeUnit.SECONDS.toNanos(10);

  private static final int MOST_DOUBLINGS = 5;

  /**
   * A link that is heard from so long after a newer one of the same origin and words came was not
   * replaced by it: there are two.
   */
  private static final long TAKEOVER = TimeUnit.SECONDS.toNanos(5);

  private final LongSupplier nanos;
  private volatile LinkedPeer peer;
  private volatile boolean doubted;
  private int timeouts;
  private long doubtedUntil;
  private volatile boolean overtaken;
  private long overtakenAt;

  /**
   * @param nanos a clock that only goes forward
   */
  public Standing(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** A request got no answer: the link is asked last until it is heard from again. */
  public synchronized void timedOut() {
    timeouts++;
    doubtedUntil =
        nanos.getAsLong()
            + (timeouts == 1 ? 0 : FIRST_PAUSE << Math.min(timeouts - 2, MOST_DOUBLINGS));
    doubted = true;
  }

  /** It said that it cannot bring streams here, which does not change from one to the next. */
  public synchronized void cannotBring() {
    timeouts = Math.max(timeouts, 1);
    timedOut();
  }

  /** It has answered a request. */
  public synchronized void answered() {
    timeouts = 0;
    doubted = false;
  }

  /** Something was read from it, whatever it was. */
  public void heard() {
    if (doubted || overtaken) {
      heardAgain(nanos.getAsLong());
    }
  }

  private synchronized void heardAgain(long now) {
    if (doubted && now - doubtedUntil >= 0) {
      doubted = false;
    }
    if (overtaken && now - overtakenAt >= TAKEOVER) {
      overtaken = false;
      peer.contested(true);
    }
  }

  /** Whether it is asked after all that are not. */
  public boolean isDoubted() {
    return doubted;
  }

  /** Whether a newer link of the same peer is asked in its place. */
  public boolean isOvertaken() {
    return overtaken;
  }

  /** The peer that the link is to; null while it is not registered. */
  public LinkedPeer peer() {
    return peer;
  }

  synchronized void peer(LinkedPeer next, boolean behindANewerOne) {
    peer = next;
    if (!behindANewerOne) {
      overtaken = false;
    } else if (!overtaken && !next.isContested()) {
      overtaken = true;
      overtakenAt = nanos.getAsLong();
    }
  }
}
