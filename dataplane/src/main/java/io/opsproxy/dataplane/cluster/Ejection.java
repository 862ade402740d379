package io.opsproxy.dataplane.cluster;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What outlier detection keeps about one endpoint. Failures are counted by the loops of
 * connections; the rest is written on the watching loop.
 */
final class Ejection {
  private final AtomicInteger failures = new AtomicInteger();

  /** How many base times the ejection lasts that is running, or ran last; Envoy's backoff. */
  private int multiplier;

  private long since;
  private volatile boolean ejected;

  /** Any thread. */
  boolean ejected() {
    return ejected;
  }

  /** A connect failed; says how many did in a row. Any thread. */
  int failed() {
    return failures.incrementAndGet();
  }

  /** How many connects in a row have failed. Any thread. */
  int failures() {
    return failures.get();
  }

  /** A connect succeeded. Any thread. */
  void succeeded() {
    // most connects find it zero, and a read of a shared line is cheaper than a write
    if (failures.get() != 0) {
      failures.set(0);
    }
  }

  int multiplier() {
    return multiplier;
  }

  void multiplier(int next) {
    multiplier = next;
  }

  void forgetFailures() {
    failures.set(0);
  }

  void begin(long now) {
    since = now;
    ejected = true;
  }

  long lasted(long now) {
    return now - since;
  }

  /** As if nothing had ever been known. */
  void reset() {
    multiplier = 0;
    end();
  }

  /** Whatever it had counted is forgotten, so that a few new failures do not eject it again. */
  void end() {
    ejected = false;
    forgetFailures();
  }
}
