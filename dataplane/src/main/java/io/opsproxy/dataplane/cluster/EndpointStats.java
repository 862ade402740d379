package io.opsproxy.dataplane.cluster;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one endpoint, as Envoy names them. Any thread. */
public final class EndpointStats {
  private final AtomicInteger active = new AtomicInteger();
  private final LongAdder connected = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder timedOut = new LongAdder();

  EndpointStats() {}

  void opened() {
    active.incrementAndGet();
    connected.increment();
  }

  void closed() {
    active.decrementAndGet();
  }

  void connectFailed(boolean inTime) {
    (inTime ? refused : timedOut).increment();
  }

  /** {@code cx_active}, {@code rq_active}: a TCP connection is one request. */
  public int active() {
    return active.get();
  }

  /** {@code cx_total}: connects that have ended, well or not. */
  public long connects() {
    return connected.sum() + connectFails();
  }

  /** {@code cx_connect_fail}, {@code rq_error}. */
  public long connectFails() {
    return refused.sum() + timedOut.sum();
  }

  /** {@code rq_total}, {@code rq_success}: clients that got a connection. */
  public long connected() {
    return connected.sum();
  }

  /** {@code rq_timeout}: those of the failed connects that got no answer in time. */
  public long timeouts() {
    return timedOut.sum();
  }
}
