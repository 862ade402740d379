package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.config.model.OutlierDetection;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Ejects endpoints of one cluster that fail to connect, by Envoy's rules for TCP: only connects
 * count, not what becomes of a connection; an ejected endpoint returns at a sweep, never between
 * two, unless an active check passes.
 *
 * <p>Belongs to the watching loop, except {@link #isTrigger}.
 */
final class OutlierDetector {
  private final OutlierDetection settings;
  private final List<Ejection> hosts;
  private final ClusterCounters counters;
  private final LongSupplier nanos;

  OutlierDetector(
      OutlierDetection settings,
      List<Ejection> hosts,
      ClusterCounters counters,
      LongSupplier nanos) {
    this.settings = settings;
    this.hosts = List.copyOf(hosts);
    this.counters = counters;
    this.nanos = nanos;
  }

  /**
   * Whether this many failed connects in a row call for an ejection. More than the threshold do
   * too: it may have been lowered since they were counted. Any thread.
   */
  boolean isTrigger(int failuresInARow) {
    return failuresInARow >= settings.consecutiveConnectFailures();
  }

  /**
   * The threshold was reached: ejects, unless too many are ejected already.
   *
   * @return whether it is ejected now and was not before
   */
  boolean trigger(Ejection host) {
    // failures that race past the threshold call more than once; the first call forgets them
    if (host.ejected() || !isTrigger(host.failures()) || !hosts.contains(host)) {
      return false;
    }
    host.forgetFailures();
    if (!mayEject(active())) {
      counters.ejectionsOverflow().increment();
      return false;
    }
    counters.ejections().increment();
    host.begin(nanos.getAsLong());
    long base = settings.baseEjectionTime().toNanos();
    if (host.multiplier() * base < settings.maxEjectionTime().toNanos() + base) {
      host.multiplier(host.multiplier() + 1);
    }
    return true;
  }

  /** Envoy: the host is ejected only if the share including it stays within the limit. */
  private boolean mayEject(int ejected) {
    return 100.0 * (ejected + 1) / hosts.size() <= settings.maxEjectionPercent()
        || (settings.alwaysEjectOneHost() && ejected == 0);
  }

  /** How long an ejection of this endpoint lasts at least; it ends at the first sweep after. */
  Duration duration(Ejection host) {
    Duration grown = settings.baseEjectionTime().multipliedBy(host.multiplier());
    return grown.compareTo(settings.maxEjectionTime()) < 0 ? grown : settings.maxEjectionTime();
  }

  /**
   * One sweep over one endpoint: ends an ejection whose time is over, and forgets a former one a
   * little when there is none.
   *
   * @return whether it returned
   */
  boolean sweep(Ejection host) {
    if (!host.ejected()) {
      if (host.multiplier() > 0) {
        host.multiplier(host.multiplier() - 1);
      }
      return false;
    }
    if (duration(host).toNanos() <= host.lasted(nanos.getAsLong())) {
      host.end();
      return true;
    }
    return false;
  }

  /**
   * An active check of the endpoint passed, and none of its checks says that it is unhealthy.
   *
   * @return whether that ended an ejection
   */
  boolean checkPassed(Ejection host) {
    if (host.ejected() && settings.unejectOnHealthyCheck()) {
      host.end();
      return true;
    }
    return false;
  }

  Duration interval() {
    return settings.interval();
  }

  /** Ejected now. Any thread. */
  int active() {
    int active = 0;
    for (Ejection host : hosts) {
      if (host.ejected()) {
        active++;
      }
    }
    return active;
  }
}
