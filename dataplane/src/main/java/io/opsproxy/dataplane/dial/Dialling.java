package io.opsproxy.dataplane.dial;

import io.netty.channel.ConnectTimeoutException;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.relay.ListeningSockets;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Stream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * One attempt to connect one destination: looked up off the loop, then its addresses raced as RFC
 * 8305 section 5 says. The next address is dialled when the one before has failed, or has not
 * answered within 250 ms; the first that connects wins, and the others are given up. On its loop.
 */
public final class Dialling {
  /** RFC 8305: the recommended Connection Attempt Delay. */
  private static final long HEAD_START = TimeUnit.MILLISECONDS.toNanos(250);

  /** More addresses than that are not dialled at the same time. */
  private static final int MOST_AT_ONCE = 4;

  /** The end of the attempt. */
  public interface Listener {
    /** The stream is paused, and the listener's now. */
    void connected(Stream stream);

    /** No address could be connected. */
    void failed(Problem problem);
  }

  /**
   * Why it failed.
   *
   * @param why one clause, without the destination
   * @param timedOut there was no answer, not even a refusal
   * @param dialled the last address; empty when none was dialled
   */
  public record Problem(String why, boolean timedOut, Optional<InetSocketAddress> dialled) {}

  private final Dialler dialler;
  private final Destination destination;
  private final Predicate<InetAddress> allowed;
  private final EventExecutor loop;
  private final Listener listener;
  private final List<Try> running = new ArrayList<>(1);
  private List<InetSocketAddress> targets = List.of();
  private int next;
  private long deadline;
  private ScheduledFuture<?> timeout;
  private ScheduledFuture<?> headStart;
  private InetSocketAddress lastDialled;
  private boolean over;

  Dialling(
      Dialler dialler,
      Destination destination,
      Predicate<InetAddress> allowed,
      EventExecutor loop,
      Listener listener) {
    this.dialler = dialler;
    this.destination = destination;
    this.allowed = allowed;
    this.loop = loop;
    this.listener = listener;
  }

  /** The answer may come before this returns. */
  public void start() {
    long limit = dialler.timeout().toNanos();
    deadline = System.nanoTime() + limit;
    if (destination.literal() != null) {
      resolved(List.of(destination.literal()), null);
    } else {
      timeout = loop.schedule(this::timedOut, limit, TimeUnit.NANOSECONDS);
      dialler
          .resolver()
          .resolve(dialler.names(), destination.address().host(), loop, this::resolved);
    }
  }

  private void resolved(List<InetAddress> found, String problem) {
    if (over) {
      return;
    }
    List<InetAddress> left = found.stream().filter(allowed).toList();
    if (left.isEmpty()) {
      fail(found.isEmpty() ? problem : "none of its addresses may be dialled", false);
      return;
    }
    int port = destination.address().port();
    ListeningSockets own = dialler.relay().bounds().listening();
    List<InetAddress> elsewhere =
        left.stream()
            .filter(address -> !own.include(new InetSocketAddress(address, port)))
            .toList();
    if (elsewhere.isEmpty()) {
      fail("it leads back to this peer itself, which listens there: a loop", false);
      return;
    }
    targets =
        elsewhere.size() == 1
            ? List.of(new InetSocketAddress(elsewhere.get(0), port))
            : dialler.memory().inOrder(elsewhere, port, dialler.nextTurn());
    dialNext();
  }

  private void dialNext() {
    headStart = null;
    lastDialled = targets.get(next++);
    Try one = new Try(lastDialled);
    running.add(one);
    one.dial =
        dialler
            .relay()
            .dial(
                loop,
                lastDialled,
                Duration.ofNanos(Math.max(1, deadline - System.nanoTime())),
                dialler.options(),
                one);
    if (next < targets.size() && running.size() < MOST_AT_ONCE) {
      headStart = loop.schedule(this::dialNext, HEAD_START, TimeUnit.NANOSECONDS);
    }
  }

  private void timedOut() {
    if (!over) {
      fail(
          lastDialled == null
              ? "no answer to its look-up within " + dialler.timeout().toMillis() + " ms"
              : "no answer in time",
          true);
    }
  }

  private void fail(String why, boolean noAnswer) {
    end(null);
    listener.failed(new Problem(why, noAnswer, Optional.ofNullable(lastDialled)));
  }

  /** All that still runs is given up; an address that was slower than another counts as failed. */
  private void end(Try winner) {
    over = true;
    if (timeout != null) {
      timeout.cancel(false);
    }
    if (headStart != null) {
      headStart.cancel(false);
    }
    for (Try one : running) {
      if (one != winner) {
        one.dial.cancel();
        if (winner != null) {
          dialler.memory().failed(one.target);
        }
      }
    }
    running.clear();
  }

  /** Gives up; the listener is not called any more. */
  public void cancel() {
    if (!over) {
      end(null);
    }
  }

  /** One address. */
  private final class Try implements Relay.DialListener {
    private final InetSocketAddress target;
    private Relay.Dial dial;

    Try(InetSocketAddress target) {
      this.target = target;
    }

    @Override
    public void connected(Stream stream) {
      if (over) {
        stream.close();
        return;
      }
      if (targets.size() > 1) {
        dialler.memory().connected(target);
      }
      end(this);
      listener.connected(stream);
    }

    @Override
    public void failed(Throwable cause) {
      if (over) {
        return;
      }
      running.remove(this);
      if (targets.size() > 1) {
        dialler.memory().failed(target);
      }
      if (next < targets.size()) {
        if (headStart != null) {
          headStart.cancel(false);
        }
        dialNext();
      } else if (running.isEmpty()) {
        lastDialled = target;
        fail(ConnectProblem.describe(cause), cause instanceof ConnectTimeoutException);
      }
    }
  }
}
