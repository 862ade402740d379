package io.opsproxy.dataplane.cluster;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * One check of one endpoint, over and over: the next begins its interval after the result of the
 * one before. On the watching loop.
 */
final class EndpointCheck {

  /** Hears of each result, before the next check is scheduled. */
  interface Listener {
    /** The state has not taken the result in yet. */
    void checked(Endpoint endpoint, HealthState state, CheckResult result);
  }

  private final Endpoint endpoint;
  private final HealthState state;
  private final Probe probe;
  private final EventExecutor loop;
  private final RandomGenerator random;
  private final Listener listener;
  private ScheduledFuture<?> timer;
  private boolean running;
  private boolean stopped;

  EndpointCheck(
      Endpoint endpoint,
      HealthState state,
      Probe probe,
      EventExecutor loop,
      RandomGenerator random,
      Listener listener) {
    this.endpoint = endpoint;
    this.state = state;
    this.probe = probe;
    this.loop = loop;
    this.random = random;
    this.listener = listener;
  }

  void begin() {
    running = true;
    schedule(this::late, state.check().timeout());
    probe.begin(this::ended);
  }

  private void late() {
    String what = probe.waitingFor();
    probe.cancel();
    double seconds = state.check().timeout().toMillis() / 1000.0;
    ended(
        new CheckResult(
            CheckResult.Kind.TIMEOUT, "no answer to " + what + " within " + seconds + " s"));
  }

  private void ended(CheckResult result) {
    if (!running) {
      return;
    }
    running = false;
    timer.cancel(false);
    listener.checked(endpoint, state, result);
    if (!stopped) {
      schedule(this::begin, state.next(result.kind(), random));
    }
  }

  private void schedule(Runnable what, Duration in) {
    timer = loop.schedule(what, in.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** There is no result after this, and no connection. */
  void stop() {
    stopped = true;
    timer.cancel(false);
    if (running) {
      running = false;
      probe.cancel();
    }
  }
}
