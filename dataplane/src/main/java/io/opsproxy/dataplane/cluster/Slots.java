package io.opsproxy.dataplane.cluster;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** A bound on how many of one thing there may be at a time. Any thread. */
final class Slots {
  private final String setting;
  private final int most;
  private final AtomicInteger taken = new AtomicInteger();
  private final LongAdder refused = new LongAdder();

  /**
   * @param most {@link Integer#MAX_VALUE} means no bound, and costs nothing
   */
  Slots(String setting, int most) {
    this.setting = setting;
    this.most = most;
  }

  /** Takes one if there is one. */
  boolean take() {
    if (most == Integer.MAX_VALUE || taken.incrementAndGet() <= most) {
      return true;
    }
    taken.decrementAndGet();
    refused.increment();
    return false;
  }

  void giveBack() {
    if (most != Integer.MAX_VALUE) {
      taken.decrementAndGet();
    }
  }

  /** Times that none was left. */
  long refused() {
    return refused.sum();
  }

  /** Taken now; 0 without a bound. */
  int taken() {
    return taken.get();
  }

  /** What is used up, for messages. */
  String reached() {
    return "circuit breaker: " + setting + " " + most + " is reached";
  }
}
