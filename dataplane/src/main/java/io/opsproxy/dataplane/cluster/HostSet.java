package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.config.model.ServiceConfig.LbPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Which endpoints are used now: an immutable snapshot, made anew when what is known of an endpoint
 * changes, so that a connection reads one reference and takes no lock. Endpoints of one priority
 * are a level; {@link PriorityLoad} says how many connections each level gets.
 */
final class HostSet {
  private final Factory factory;
  private final List<Level> levels;

  private HostSet(Factory factory, List<Level> levels) {
    this.factory = factory;
    this.levels = levels;
  }

  /**
   * The endpoints of one priority.
   *
   * @param eligible chooses among those that are healthy, or wait for their first check, and are
   *     not ejected
   * @param all chooses among all
   * @param percent share in connections
   */
  private record Level(
      int priority,
      LoadBalancer eligible,
      LoadBalancer all,
      int eligibleCount,
      int pendingCount,
      int percent,
      boolean panic) {

    Endpoint pick(long key, Collection<Endpoint> tried) {
      return (panic ? all : eligible).pick(key, tried);
    }
  }

  /** What all snapshots of one cluster have in common. */
  static final class Factory {
    private final LbPolicy policy;
    private final int panicThreshold;
    private final RandomGenerator random;
    private final Runnable pickedInPanic;

    /**
     * By priority. They go on over snapshots: a change of endpoints is no reason to begin with the
     * first again.
     */
    private final Map<Integer, AtomicInteger> turns = new HashMap<>();

    /**
     * @param panicThreshold percentage, 0 means that endpoints known to be bad are never used
     * @param pickedInPanic told of each choice among all endpoints of a level; any thread
     */
    Factory(LbPolicy policy, int panicThreshold, RandomGenerator random, Runnable pickedInPanic) {
      this.policy = policy;
      this.panicThreshold = panicThreshold;
      this.random = random;
      this.pickedInPanic = pickedInPanic;
    }

    /** By what is known of these endpoints now; there may be none yet. One thread at a time. */
    HostSet of(List<Endpoint> endpoints) {
      if (endpoints.isEmpty()) {
        return new HostSet(this, List.of());
      }
      SortedMap<Integer, List<Endpoint>> byPriority = new TreeMap<>();
      for (Endpoint endpoint : endpoints) {
        byPriority.computeIfAbsent(endpoint.priority(), none -> new ArrayList<>()).add(endpoint);
      }
      PriorityLoad load =
          PriorityLoad.of(
              byPriority.values().stream().map(Factory::known).toList(), panicThreshold);
      List<Level> levels = new ArrayList<>();
      byPriority.forEach(
          (priority, members) -> levels.add(level(priority, members, load, levels.size())));
      return new HostSet(this, List.copyOf(levels));
    }

    private static PriorityLoad.Level known(List<Endpoint> endpoints) {
      int pending = (int) endpoints.stream().filter(Endpoint::isPending).count();
      int healthy = (int) endpoints.stream().filter(e -> e.isEligible() && !e.isPending()).count();
      return new PriorityLoad.Level(healthy, pending, endpoints.size());
    }

    private Level level(int priority, List<Endpoint> endpoints, PriorityLoad load, int index) {
      List<Endpoint> eligible = endpoints.stream().filter(Endpoint::isEligible).toList();
      AtomicInteger turn =
          turns.computeIfAbsent(priority, none -> new AtomicInteger(random.nextInt()));
      LoadBalancer all = LoadBalancer.of(policy, endpoints, turn, random);
      return new Level(
          priority,
          eligible.size() == endpoints.size()
              ? all
              : LoadBalancer.of(policy, eligible, turn, random),
          all,
          eligible.size(),
          (int) endpoints.stream().filter(Endpoint::isPending).count(),
          load.percent(index),
          load.panic(index));
    }
  }

  /**
   * The next endpoint for a connection that has tried some already, from a level that is drawn by
   * its share. When all were tried that this level uses, the other levels follow in their order,
   * also those without a share; then, as the last resort, endpoints that are not eligible: neither
   * a wrong check nor a full share should cost a client its connection.
   *
   * @param key the client's, where the policy is {@link LbPolicy#SOURCE_HASH}, so that it stays
   *     with its level too; else of no meaning
   * @return null when there is none
   */
  Endpoint pick(long key, Collection<Endpoint> tried) {
    if (levels.isEmpty()) {
      return null;
    }
    Level drawn = draw(key);
    Endpoint endpoint = drawn.pick(key, tried);
    if (endpoint != null) {
      if (drawn.panic) {
        factory.pickedInPanic.run();
      }
      return endpoint;
    }
    for (int i = 0; i < levels.size() && endpoint == null; i++) {
      endpoint = levels.get(i).pick(key, tried);
    }
    for (int i = 0; i < levels.size() && endpoint == null && factory.panicThreshold > 0; i++) {
      endpoint = levels.get(i).all.pick(key, tried);
    }
    return endpoint;
  }

  private Level draw(long key) {
    Level first = levels.get(0);
    if (first.percent == 100) {
      return first;
    }
    int drawn =
        factory.policy == LbPolicy.SOURCE_HASH
            ? (int) Long.remainderUnsigned(key, 100)
            : factory.random.nextInt(100);
    for (Level level : levels) {
      drawn -= level.percent;
      if (drawn < 0) {
        return level;
      }
    }
    return first;
  }

  /** Whether a level uses all of its endpoints because too few are eligible. */
  boolean inPanic() {
    return levels.stream().anyMatch(Level::panic);
  }

  /** Endpoints of which nothing is known yet. */
  int pendingCount() {
    return levels.stream().mapToInt(Level::pendingCount).sum();
  }

  /** Endpoints that are healthy, or wait for their first check, and are not ejected. */
  int eligibleCount() {
    return levels.stream().mapToInt(Level::eligibleCount).sum();
  }

  /** For logs: which endpoints panic makes eligible, such as {@code all of priority 1}. */
  String usedInPanic() {
    return levels.stream().allMatch(Level::panic)
        ? "all"
        : levels.stream()
            .filter(Level::panic)
            .map(level -> "all of priority " + level.priority)
            .collect(Collectors.joining(" and "));
  }

  /** For logs, such as {@code 70 % to priority 0, 30 % to priority 1}; empty for one level. */
  String shares() {
    return levels.size() == 1
        ? ""
        : levels.stream()
            .filter(level -> level.percent > 0)
            .map(level -> level.percent + " % to priority " + level.priority)
            .collect(Collectors.joining(", "));
  }
}
