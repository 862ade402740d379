package io.opsproxy.dataplane.proxy;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Tries again, every 5 s, to listen where it could not be listened on; there is a thread for it
 * only as long as there is something to try.
 */
public final class BindRetry implements AutoCloseable {
  /** Between two tries. */
  static final Duration INTERVAL = Duration.ofSeconds(5);

  private final BooleanSupplier attempt;
  private final Duration interval;
  private ScheduledThreadPoolExecutor thread;
  private boolean closed;

  /**
   * @param attempt tries once; says whether there is nothing left to try
   */
  public BindRetry(BooleanSupplier attempt) {
    this(attempt, INTERVAL);
  }

  BindRetry(BooleanSupplier attempt, Duration interval) {
    this.attempt = attempt;
    this.interval = interval;
  }

  /** There is something to try. Any thread. */
  public synchronized void start() {
    if (thread != null || closed) {
      return;
    }
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, "bind-retry");
              made.setDaemon(true);
              return made;
            });
    thread.scheduleWithFixedDelay(
        this::tryAgain, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void tryAgain() {
    // not under this lock: the attempt has one of its own, whose holder may call start
    if (attempt.getAsBoolean()) {
      synchronized (this) {
        thread.shutdown();
        thread = null;
      }
      // what was added since the attempt looked
      if (!attempt.getAsBoolean()) {
        start();
      }
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.shutdownNow();
    }
  }
}
