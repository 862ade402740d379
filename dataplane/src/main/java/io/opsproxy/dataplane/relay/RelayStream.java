package io.opsproxy.dataplane.relay;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/**
 * What streams of all relays have in common: who hears of the bytes, and what is held. On its loop.
 *
 * <p>A stream is its receiver's until it is joined, and then its transfer's. Whatever moves the
 * bytes calls {@link #received}, {@link #inputEnded} and {@link #closed}.
 */
abstract class RelayStream implements Stream, Side {
  /** How long a reader that does not read may keep a closed stream. */
  static final long LINGER_SECONDS = 5;

  private RelayLoop relayLoop;
  private Receiver receiver;
  private TwoWayTransfer transfer;
  private Waiting waiting;

  /** What one read of the other side should bring at most: what the kernel took lately, doubled. */
  private int room = 4 * ByteBudget.SMALLEST_READ;

  private boolean inputEnded;
  private boolean closedByUs;
  private boolean gone;
  private Throwable failure;

  // what the relay's own kind does

  /** Closes the socket at once; {@link #closed} follows, at once or soon. */
  abstract void closeSocket();

  /** The same with RST. */
  abstract void resetSocket();

  // loops

  /** It lives on this loop from now on; called there, before it is registered with it. */
  void on(RelayLoop next) {
    relayLoop = next;
    if (waiting != null) {
      waiting.enter(next.share());
    }
  }

  RelayLoop relayLoop() {
    return relayLoop;
  }

  /** Tests run with assertions. */
  void assertOnLoop() {
    assert relayLoop.loop().inEventLoop() : "a stream is touched on its own event loop only";
  }

  /** Nobody hears of it until it has a receiver again or is joined. */
  void detach() {
    read(false);
    receiver = null;
  }

  /** On the old loop, right before it leaves. */
  void leaves() {
    if (waiting != null) {
      waiting.leave();
    }
  }

  // Stream

  @Override
  public void receive(Receiver next) {
    assertOnLoop();
    receiver = next;
    if (gone && !closedByUs) {
      closedByUs = true;
      next.broken(failure == null ? new ClosedChannelException() : failure);
    } else {
      read(true);
    }
  }

  @Override
  public void pause() {
    assertOnLoop();
    read(false);
  }

  @Override
  public void abort() {
    assertOnLoop();
    closedByUs = true;
    resetSocket();
  }

  @Override
  public void closeNow() {
    assertOnLoop();
    if (nothingQueued()) {
      close();
    } else {
      abort();
    }
  }

  @Override
  public boolean isOpen() {
    return !gone && !closedByUs;
  }

  /** Nobody is to hear that it is closed. */
  void byUs() {
    closedByUs = true;
  }

  // Side

  @Override
  public void joined(TwoWayTransfer next) {
    receiver = null;
    transfer = next;
  }

  @Override
  public void released() {
    read(false);
    transfer = null;
  }

  @Override
  public boolean isInputEnded() {
    return inputEnded;
  }

  @Override
  public boolean isGone() {
    return gone;
  }

  // what is held

  /** The other side of the transfer that runs, or null. */
  RelayStream other() {
    return transfer == null || transfer.isOver() ? null : (RelayStream) transfer.other(this);
  }

  boolean isJoined() {
    return transfer != null;
  }

  /** So many bytes are about to be queued; the stream may be closed when this returns. */
  void hold(int bytes) {
    if (waiting == null) {
      waiting = new Waiting(relayLoop.share());
    }
    waiting.charge(bytes);
  }

  /** So many queued bytes were taken, or are lost. */
  void unhold(int bytes) {
    waiting.release(bytes);
  }

  /** The queue is shorter than before. */
  void drained() {
    if (transfer != null) {
      transfer.drained();
      transfer.adjust();
    }
  }

  /** The kernel was offered bytes and took some of them. */
  void took(int offered, int taken) {
    if (taken < offered) {
      room = Math.max(ByteBudget.SMALLEST_READ, Math.min(room, taken));
    } else if (offered >= room) {
      room = Math.min(ByteBudget.LARGEST_READ, 2 * room);
    }
  }

  /**
   * What the next read may bring, in bytes: little until it is known where the bytes go, and then
   * what the other side seems to have room for.
   */
  int nextRead() {
    RelayStream to = other();
    return to == null
        ? ByteBudget.SMALLEST_READ
        : Math.min(to.room, relayLoop.budget().readLimit());
  }

  // what happens to the socket

  /** Bytes of a transfer were read and are about to be sent. */
  void passed(int bytes) {
    transfer.passed(this, bytes);
  }

  /** All that a read has brought is sent, or queued. */
  void forwarded() {
    transfer.adjust();
  }

  /** Bytes came that no transfer moves; they are lent. */
  void received(ByteBuf bytes) {
    if (receiver != null && transfer == null && !closedByUs) {
      receiver.received(bytes);
    }
  }

  /** FIN was read. */
  void inputEnded() {
    if (!inputEnded && failure == null) {
      inputEnded = true;
      // a socket that has ended stays readable for ever
      read(false);
      if (transfer != null) {
        transfer.ended(this);
      } else if (receiver != null && !closedByUs) {
        receiver.ended();
      }
    }
  }

  /** It failed, and is to be closed. */
  void broke(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    closeSocket();
  }

  /**
   * The socket is closed. Only the first call counts.
   *
   * @return whether it was the first
   */
  boolean closed() {
    if (gone) {
      return false;
    }
    gone = true;
    return true;
  }

  /** Whether anybody would hear of {@link #tellClosed}. */
  boolean concernsAnybody() {
    return transfer != null ? !transfer.isOver() : receiver == null || !closedByUs;
  }

  /** Tells whom it concerns that the socket is closed; after {@link #closed}. */
  void tellClosed() {
    if (transfer != null) {
      transfer.gone(this);
    } else if (receiver != null && !closedByUs) {
      closedByUs = true;
      receiver.broken(failure == null ? new ClosedChannelException() : failure);
    }
  }

  /** What waits for this end to take it. */
  private final class Waiting extends Holding {
    Waiting(ByteBudget.Share share) {
      super(share);
    }

    @Override
    protected void shed() {
      if (transfer != null) {
        transfer.shed();
      } else {
        broke(new IOException("it does not read, and memory is short"));
      }
    }
  }
}
