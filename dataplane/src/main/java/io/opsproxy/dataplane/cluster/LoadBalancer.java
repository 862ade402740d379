package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.config.ServiceConfig.LbPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Chooses among endpoints. No locks: loops of several threads ask at the same time. */
interface LoadBalancer {

  /**
   * The next endpoint for a connection that has tried some already.
   *
   * @return null when all have been tried
   */
  Endpoint pick(Collection<Endpoint> tried);

  /**
   * @param endpoints may be empty
   * @param turn the position of ROUND_ROBIN, which outlives this balancer
   */
  static LoadBalancer of(
      LbPolicy policy, List<Endpoint> endpoints, AtomicInteger turn, RandomGenerator random) {
    if (endpoints.isEmpty()) {
      return tried -> null;
    }
    return switch (policy) {
      case ROUND_ROBIN -> new RoundRobin(endpoints, turn);
      case LEAST_REQUEST ->
          endpoints.stream().mapToInt(Endpoint::weight).distinct().count() == 1
              ? new LeastRequest(endpoints, random)
              : new WeightedLeastRequest(endpoints, random);
      case RANDOM -> new Randomly(endpoints, random);
    };
  }

  /** Those that this connection has not tried; mostly the list itself. */
  static List<Endpoint> untried(List<Endpoint> endpoints, Collection<Endpoint> tried) {
    if (tried.isEmpty()) {
      return endpoints;
    }
    List<Endpoint> left = new ArrayList<>(endpoints);
    left.removeAll(tried);
    return left;
  }

  /**
   * One after the other, by {@link SmoothSchedule}. A retry takes a turn of its own, so that the
   * connections of a dead endpoint spread over all others instead of falling to its successor.
   */
  final class RoundRobin implements LoadBalancer {
    private final Endpoint[] schedule;
    private final AtomicInteger turn;

    RoundRobin(List<Endpoint> endpoints, AtomicInteger turn) {
      schedule = SmoothSchedule.of(endpoints);
      this.turn = turn;
    }

    @Override
    public Endpoint pick(Collection<Endpoint> tried) {
      int start = Math.floorMod(turn.getAndIncrement(), schedule.length);
      for (int i = 0; i < schedule.length; i++) {
        Endpoint endpoint = schedule[(start + i) % schedule.length];
        if (!tried.contains(endpoint)) {
          return endpoint;
        }
      }
      return null;
    }
  }

  /**
   * For equal weights: of two that are drawn at random, with replacement, the first, unless the
   * second has fewer connections (Envoy: LEAST_REQUEST, choice_count 2).
   */
  final class LeastRequest implements LoadBalancer {
    private final List<Endpoint> endpoints;
    private final RandomGenerator random;

    LeastRequest(List<Endpoint> endpoints, RandomGenerator random) {
      this.endpoints = endpoints;
      this.random = random;
    }

    @Override
    public Endpoint pick(Collection<Endpoint> tried) {
      List<Endpoint> left = untried(endpoints, tried);
      if (left.isEmpty()) {
        return null;
      }
      Endpoint first = left.get(random.nextInt(left.size()));
      Endpoint second = left.get(random.nextInt(left.size()));
      return second.active() < first.active() ? second : first;
    }
  }

  /**
   * For unequal weights: a draw in which each has the weight {@code weight / (active + 1)}. Envoy
   * feeds the same number to an earliest-deadline queue; the shares are the same in the long run,
   * and a draw needs no queue that all loops would have to lock.
   */
  final class WeightedLeastRequest implements LoadBalancer {
    private final List<Endpoint> endpoints;
    private final RandomGenerator random;

    WeightedLeastRequest(List<Endpoint> endpoints, RandomGenerator random) {
      this.endpoints = endpoints;
      this.random = random;
    }

    @Override
    public Endpoint pick(Collection<Endpoint> tried) {
      List<Endpoint> left = untried(endpoints, tried);
      if (left.isEmpty()) {
        return null;
      }
      double sum = 0;
      for (Endpoint endpoint : left) {
        sum += share(endpoint);
      }
      double drawn = random.nextDouble() * sum;
      for (Endpoint endpoint : left) {
        drawn -= share(endpoint);
        if (drawn < 0) {
          return endpoint;
        }
      }
      // the shares grew smaller between the two rounds
      return left.get(left.size() - 1);
    }

    static double share(Endpoint endpoint) {
      return endpoint.weight() / (endpoint.active() + 1.0);
    }
  }

  /** Any, with equal chances (Envoy: RANDOM ignores weights). */
  final class Randomly implements LoadBalancer {
    private final List<Endpoint> endpoints;
    private final RandomGenerator random;

    Randomly(List<Endpoint> endpoints, RandomGenerator random) {
      this.endpoints = endpoints;
      this.random = random;
    }

    @Override
    public Endpoint pick(Collection<Endpoint> tried) {
      List<Endpoint> left = untried(endpoints, tried);
      return left.isEmpty() ? null : left.get(random.nextInt(left.size()));
    }
  }
}
