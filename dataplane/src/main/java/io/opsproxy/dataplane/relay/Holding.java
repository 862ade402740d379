package io.opsproxy.dataplane.relay;

import java.util.List;

/**
 * Bytes that one connection holds while it does not flow, as the {@link ByteBudget} sees them. On
 * the loop of its share only.
 *
 * <p>Invariant: what is held here is counted in the budget exactly once, until it is released or
 * {@link #letGo}; after that nothing is counted for it any more.
 */
public abstract class Holding {
  private ByteBudget.Share share;
  private boolean over;
  private Holding previous;
  private Holding next;

  /** In bytes; written by the share alone. */
  long held;

  /**
   * @param share of the loop that it lives on
   */
  protected Holding(ByteBudget.Share share) {
    this.share = share;
  }

  /** The head of a ring of holdings. */
  static Holding ring() {
    Holding head =
        new Holding(null) {
          @Override
          protected void shed() {}
        };
    head.previous = head;
    head.next = head;
    return head;
  }

  /**
   * Too much is held in all, and this is the largest holding of its loop: the connection is to be
   * ended at once. It is not counted any more. May be called from within {@link #charge}.
   */
  protected abstract void shed();

  /** So many bytes more are held. Never fails; {@link #shed} may come before it returns. */
  protected final void charge(int bytes) {
    if (!over) {
      share.charge(this, bytes);
    }
  }

  /** So many of them are held no more. */
  protected final void release(int bytes) {
    if (!over) {
      share.release(this, bytes);
    }
  }

  /** Nothing is held any more, for good. */
  protected final void letGo() {
    if (!over) {
      share.release(this, held);
      over = true;
    }
  }

  /** Bytes held now. */
  protected final long held() {
    return held;
  }

  /** It leaves its loop; on the old one. */
  final void leave() {
    share.leave(this);
  }

  /** It has come to a loop; on the new one. */
  final void enter(ByteBudget.Share newShare) {
    share = newShare;
    if (!over) {
      newShare.enter(this);
    }
  }

  // links of the ring; an unlinked one has none

  final boolean isLinked() {
    return next != null;
  }

  final void linkBefore(Holding head) {
    next = head;
    previous = head.previous;
    head.previous.next = this;
    head.previous = this;
  }

  final void unlink() {
    if (next != null) {
      previous.next = next;
      next.previous = previous;
      next = null;
      previous = null;
    }
  }

  final Holding first() {
    return next == this ? null : next;
  }

  final void addTo(List<Holding> all) {
    for (Holding one = next; one != this; one = one.next) {
      all.add(one);
    }
  }
}
