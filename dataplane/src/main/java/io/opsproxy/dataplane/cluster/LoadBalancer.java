package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.config.model.ServiceConfig.LbPolicy;
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
   * @param key the client's, where the policy is {@link LbPolicy#SOURCE_HASH}; else of no meaning
   * @return null when all have been tried
   */
  Endpoint pick(long key, Collection<Endpoint> tried);

  /**
   * @param endpoints may be empty
   * @param turn the position of ROUND_ROBIN, which outlives this balancer
   */
  static LoadBalancer of(
      LbPolicy policy, List<Endpoint> endpoints, AtomicInteger turn, RandomGenerator random) {
    if (endpoints.isEmpty()) {
      return (key, tried) -> null;
    }
    return switch (policy) {
      case ROUND_ROBIN -> new RoundRobin(endpoints, turn, random);
      case LEAST_REQUEST ->
          endpoints.stream().mapToInt(Endpoint::weight).distinct().count() == 1
              ? new LeastRequest(endpoints, random)
              : new WeightedLeastRequest(endpoints, random);
      case RANDOM -> new Randomly(endpoints, random);
      case SOURCE_HASH -> new SourceHash(endpoints);
    };
  }

  /**
   * One after the other, by {@link SmoothSchedule}. A retry is drawn, by weight, and takes no turn:
   * the connections of a dead endpoint spread over all others instead of falling to its successor,
   * and of two endpoints the dead one does not get every first attempt.
   */
  final class RoundRobin implements LoadBalancer {
    private final Endpoint[] schedule;
    private final AtomicInteger turn;
    private final RandomGenerator random;

    RoundRobin(List<Endpoint> endpoints, AtomicInteger turn, RandomGenerator random) {
      schedule = SmoothSchedule.of(endpoints);
      this.turn = turn;
      this.random = random;
    }

    @Override
    public Endpoint pick(long key, Collection<Endpoint> tried) {
      return tried.isEmpty()
          ? schedule[Math.floorMod(turn.getAndIncrement(), schedule.length)]
          : any(tried);
    }

    private Endpoint any(Collection<Endpoint> tried) {
      int left = 0;
      for (Endpoint endpoint : schedule) {
        left += tried.contains(endpoint) ? 0 : 1;
      }
      int drawn = left == 0 ? 0 : random.nextInt(left);
      for (Endpoint endpoint : schedule) {
        if (!tried.contains(endpoint) && drawn-- == 0) {
          return endpoint;
        }
      }
      return null;
    }
  }

  /** Those that choose by looking at all that are left. */
  abstract class Drawing implements LoadBalancer {
    private final List<Endpoint> endpoints;

    Drawing(List<Endpoint> endpoints) {
      this.endpoints = endpoints;
    }

    @Override
    public final Endpoint pick(long key, Collection<Endpoint> tried) {
      List<Endpoint> left = endpoints;
      if (!tried.isEmpty()) {
        left = new ArrayList<>(endpoints);
        left.removeAll(tried);
      }
      return left.isEmpty() ? null : draw(left);
    }

    /** One of these; there is at least one. */
    abstract Endpoint draw(List<Endpoint> left);
  }

  /**
   * For equal weights: of two that are drawn at random, with replacement, the first, unless the
   * second has fewer connections (Envoy: LEAST_REQUEST, choice_count 2).
   */
  final class LeastRequest extends Drawing {
    private final RandomGenerator random;

    LeastRequest(List<Endpoint> endpoints, RandomGenerator random) {
      super(endpoints);
      this.random = random;
    }

    @Override
    Endpoint draw(List<Endpoint> left) {
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
  final class WeightedLeastRequest extends Drawing {
    private final RandomGenerator random;

    WeightedLeastRequest(List<Endpoint> endpoints, RandomGenerator random) {
      super(endpoints);
      this.random = random;
    }

    @Override
    Endpoint draw(List<Endpoint> left) {
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
  final class Randomly extends Drawing {
    private final RandomGenerator random;

    Randomly(List<Endpoint> endpoints, RandomGenerator random) {
      super(endpoints);
      this.random = random;
    }

    @Override
    Endpoint draw(List<Endpoint> left) {
      return left.get(random.nextInt(left.size()));
    }
  }
}
