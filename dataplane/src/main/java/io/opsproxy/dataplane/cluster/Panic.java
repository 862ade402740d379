package io.opsproxy.dataplane.cluster;

/**
 * When so few endpoints are healthy that the checks are more likely to be wrong than the endpoints,
 * and all of them are used (Envoy: panic threshold).
 */
final class Panic {
  /** Envoy's overprovisioning factor, in percent. */
  private static final int OVERPROVISIONING = 140;

  private Panic() {}

  /**
   * @param healthy endpoints that are healthy and not ejected
   * @param counted endpoints in all, less those that wait for their first check
   * @param threshold percentage, 0 means never
   */
  static boolean is(int healthy, int counted, int threshold) {
    if (counted == 0) {
      // nothing is known of any
      return false;
    }
    // Envoy, in integers: a cluster whose health times 1.4 reaches 100 % is never in panic,
    // whatever the threshold; that is from 71.43 % on
    boolean available = OVERPROVISIONING * healthy / counted >= 100;
    return !available && 100.0 * healthy / counted < Math.min(100, threshold);
  }
}
