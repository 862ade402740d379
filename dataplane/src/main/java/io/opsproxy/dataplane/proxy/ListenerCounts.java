package io.opsproxy.dataplane.proxy;

import java.util.concurrent.atomic.LongAdder;

/** The client connections of one listener. Any thread. */
public final class ListenerCounts {
  private final LongAdder opened = new LongAdder();
  private final LongAdder closed = new LongAdder();

  void opened() {
    opened.increment();
  }

  void closed() {
    closed.increment();
  }

  /** Since it was first configured. */
  public long total() {
    return opened.sum();
  }

  /** Open now. */
  public long active() {
    return Math.max(0, opened.sum() - closed.sum());
  }
}
