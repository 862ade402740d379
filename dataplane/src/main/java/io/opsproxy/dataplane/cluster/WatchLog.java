package io.opsproxy.dataplane.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people what changed about the endpoints of one cluster, once for each change. On the
 * watching loop.
 */
final class WatchLog {
  private static final Logger log = LoggerFactory.getLogger(WatchLog.class);
  private final String service;
  private final int endpoints;
  private final int panicThreshold;
  private final Map<Endpoint, Map<HealthState, String>> failures = new HashMap<>();
  private boolean panic;
  private String shares = "";

  WatchLog(String service, int endpoints, int panicThreshold) {
    this.service = service;
    this.endpoints = endpoints;
    this.panicThreshold = panicThreshold;
  }

  /**
   * @param first nothing was known of this check before
   * @param turned whether the result made the endpoint healthy or unhealthy, all checks together
   */
  void checked(
      Endpoint endpoint, HealthState state, CheckResult result, boolean first, boolean turned) {
    Map<HealthState, String> known = failures.computeIfAbsent(endpoint, none -> new HashMap<>());
    if (!state.failed()) {
      known.remove(state);
      if (first) {
        log.debug(
            "service {} endpoint {} passes a check: {}", service, endpoint.address(), result.why());
      } else if (turned) {
        log.info(
            "service {} endpoint {} is healthy again: {}",
            service,
            endpoint.address(),
            result.why());
      }
    } else if (!result.passed()) {
      // two checks of one endpoint mostly fail for one reason
      boolean news = !known.containsValue(result.why());
      known.put(state, result.why());
      if (turned) {
        log.warn(
            "service {} endpoint {} is unhealthy: {}", service, endpoint.address(), result.why());
      } else if (news) {
        log.info(
            "service {} endpoint {} is still unhealthy, now: {}",
            service,
            endpoint.address(),
            result.why());
      }
    }
  }

  void ejected(Endpoint endpoint, Duration most, int failures) {
    log.warn(
        "service {} endpoint {} is ejected for {} s: {} connects in a row failed",
        service,
        endpoint.address(),
        most.toMillis() / 1000.0,
        failures);
  }

  void returned(Endpoint endpoint, String why) {
    log.info(
        "service {} endpoint {} is not ejected any more: {}", service, endpoint.address(), why);
  }

  /** What connections choose from now on; in the first round of checks that is no news yet. */
  void used(HostSet hosts) {
    if (hosts.pendingCount() > 0) {
      return;
    }
    if (hosts.inPanic() && !panic) {
      log.warn(
          "service {}: {} of {} endpoints can be used, less than healthy_panic_threshold {} %: {} are"
              + " tried",
          service, hosts.eligibleCount(), endpoints, panicThreshold, hosts.usedInPanic());
    } else if (!hosts.inPanic() && panic) {
      log.info(
          "service {}: {} of {} endpoints can be used, only those are tried",
          service,
          hosts.eligibleCount(),
          endpoints);
    }
    panic = hosts.inPanic();
    if (!hosts.shares().equals(shares)) {
      shares = hosts.shares();
      log.info("service {}: connections go {}", service, shares);
    }
  }
}
