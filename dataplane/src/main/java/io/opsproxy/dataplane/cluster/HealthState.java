package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.config.model.HealthCheck;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * What one check has found out about one endpoint; Envoy's state machine:
 *
 * <pre>
 * passed: bad = 0; if failed and (first result or ++good == healthyThreshold) then healthy
 * failed: good = 0; if healthy and (it answered "not well" or ++bad == unhealthyThreshold) then failed
 * </pre>
 *
 * Envoy's endpoints start as failed, and its cluster waits for the first round. Here they are
 * <em>pending</em> until the first result, and used meanwhile; the first result then does what it
 * does in Envoy: one success makes the endpoint healthy, one failure of any kind makes it failed.
 *
 * <p>Belongs to the watching loop.
 */
final class HealthState {
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final HealthCheck check;
  private boolean pending = true;
  private boolean failed = true;
  private int good;
  private int bad;

  HealthState(HealthCheck check) {
    this.check = check;
  }

  HealthCheck check() {
    return check;
  }

  /** No result yet. */
  boolean pending() {
    return pending;
  }

  /** False while pending. */
  boolean failed() {
    return failed && !pending;
  }

  /** Takes a result in. */
  void record(CheckResult.Kind kind) {
    if (kind.passed()) {
      bad = 0;
      if (failed && (pending || ++good >= check.healthyThreshold())) {
        failed = false;
        good = 0;
      }
    } else {
      good = 0;
      if (!failed && (kind == CheckResult.Kind.UNHEALTHY || ++bad >= check.unhealthyThreshold())) {
        failed = true;
        bad = 0;
      }
    }
    pending = false;
  }

  /**
   * Time from a result to the next check. Envoy goes by that result, not by the state: after a
   * failure the unhealthy interval, after a success the other.
   */
  Duration next(CheckResult.Kind last, RandomGenerator random) {
    Duration base = last.passed() ? check.interval() : check.unhealthyInterval();
    Duration next =
        base.plusNanos(
                drawn(base.multipliedBy(check.intervalJitterPercent()).dividedBy(100), random))
            .plusNanos(drawn(check.intervalJitter(), random));
    return next.compareTo(SHORTEST) < 0 ? SHORTEST : next;
  }

  private static long drawn(Duration bound, RandomGenerator random) {
    return bound.isZero() ? 0 : random.nextLong(bound.toNanos());
  }
}
