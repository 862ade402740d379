package io.opsproxy.dataplane.cluster;

import java.util.List;

/**
 * How connections are shared among the priority levels of a cluster, and which levels are in panic:
 * use all of their endpoints because so few are healthy that the checks are more likely to be wrong
 * than the endpoints. Immutable.
 *
 * <p>Envoy's rules, in its integers. The health of a level is the percentage of its endpoints that
 * are healthy, times 1.4, at most 100. Each level takes its health as its share, the first levels
 * first, until 100 % are dealt out. When the healths add up to less, shares are in proportion to
 * them, and a level whose healthy percentage is below the threshold is in panic. When all levels
 * are, shares are in proportion to endpoints.
 */
final class PriorityLoad {
  /** Envoy's overprovisioning factor, in percent. */
  private static final int OVERPROVISIONING = 140;

  private static final int WHOLE = 100;

  private final int[] percents;
  private final boolean[] panics;

  /**
   * What is known of the endpoints of one level.
   *
   * @param healthy those that are healthy and not ejected
   * @param pending those that wait for their first check: they are used, and count for nothing
   * @param all of them, at least one
   */
  record Level(int healthy, int pending, int all) {
    private int counted() {
      return all - pending;
    }

    /** Nothing being known of any endpoint is no reason to go elsewhere. */
    private int health() {
      return counted() == 0 ? WHOLE : Math.min(WHOLE, OVERPROVISIONING * healthy / counted());
    }

    private boolean below(int threshold) {
      return counted() > 0 && 100.0 * healthy / counted() < Math.min(WHOLE, threshold);
    }
  }

  private PriorityLoad(int levels) {
    percents = new int[levels];
    panics = new boolean[levels];
  }

  /**
   * @param levels the first is used before the next; at least one
   * @param threshold percentage of healthy endpoints below which a level is in panic, 0 means never
   */
  static PriorityLoad of(List<Level> levels, int threshold) {
    PriorityLoad load = new PriorityLoad(levels.size());
    int total = Math.min(WHOLE, levels.stream().mapToInt(Level::health).sum());
    boolean everywhere = true;
    for (int i = 0; i < levels.size(); i++) {
      load.panics[i] = total < WHOLE && levels.get(i).below(threshold);
      everywhere &= load.panics[i];
    }
    if (everywhere) {
      load.shareByEndpoints(levels);
    } else {
      load.shareByHealth(levels, total);
    }
    return load;
  }

  private void shareByHealth(List<Level> levels, int total) {
    int left = WHOLE;
    int first = -1;
    for (int i = 0; i < percents.length; i++) {
      int health = levels.get(i).health();
      percents[i] = total == 0 ? 0 : Math.min(left, health * WHOLE / total);
      left -= percents[i];
      first = first < 0 && health > 0 ? i : first;
    }
    // what rounding left over; all of it where no endpoint may be used
    percents[Math.max(first, 0)] += left;
  }

  private void shareByEndpoints(List<Level> levels) {
    int endpoints = levels.stream().mapToInt(Level::all).sum();
    int left = WHOLE;
    for (int i = 0; i < percents.length; i++) {
      percents[i] = WHOLE * levels.get(i).all() / endpoints;
      left -= percents[i];
    }
    percents[0] += left;
  }

  /** The share of a level in connections, 0 to 100; all levels together have 100. */
  int percent(int level) {
    return percents[level];
  }

  /** Whether a level uses all of its endpoints, whatever is known of them. */
  boolean panic(int level) {
    return panics[level];
  }
}
