package io.opsproxy.operator.testing;

import java.time.Duration;

/**
 * The delays of a kubelet.
 *
 * @param syncPeriod how often it looks at a pod to which nothing happens, and then refreshes its
 *     volumes; up to half of it again is added each time
 * @param refreshMin from a change of a pod to the refresh of its volumes, at least
 * @param refreshMax the same, at most
 * @param cacheDelay how long a change of a ConfigMap or Secret takes to reach the kubelet's cache;
 *     a refresh before that writes the old contents again
 * @param backOff from the second end of a container in a row to its restart; doubled each time
 */
public record KubeletTiming(
    Duration syncPeriod,
    Duration refreshMin,
    Duration refreshMax,
    Duration cacheDelay,
    Duration backOff) {

  /** The usual ones, but for a back-off of 1 second instead of 10. */
  public static final KubeletTiming USUAL =
      new KubeletTiming(
          Duration.ofMinutes(1),
          Duration.ofMillis(100),
          Duration.ofMillis(700),
          Duration.ZERO,
          Duration.ofSeconds(1));

  public KubeletTiming withSyncPeriod(Duration period) {
    return new KubeletTiming(period, refreshMin, refreshMax, cacheDelay, backOff);
  }

  public KubeletTiming withRefresh(Duration min, Duration max) {
    return new KubeletTiming(syncPeriod, min, max, cacheDelay, backOff);
  }

  public KubeletTiming withCacheDelay(Duration delay) {
    return new KubeletTiming(syncPeriod, refreshMin, refreshMax, delay, backOff);
  }

  public KubeletTiming withBackOff(Duration first) {
    return new KubeletTiming(syncPeriod, refreshMin, refreshMax, cacheDelay, first);
  }
}
