package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.config.ServiceConfig.LbPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Chooses endpoints. No locks: loops of several threads ask at the same time. */
interface LoadBalancer {

  /**
   * The next endpoint for a connection that has tried some already.
   *
   * @return null when all have been tried
   */
  Endpoint pick(Collection<Endpoint> tried);

  static LoadBalancer of(LbPolicy policy, List<Endpoint> endpoints, RandomGenerator random) {
    return switch (policy) {
      case ROUND_ROBIN -> new RoundRobin(endpoints, random);
      case LEAST_REQUEST -> new LeastRequest(endpoints, random);
      case RANDOM -> new Randomly(endpoints, random);
    };
  }

  /**
   * Smooth weighted round robin over a schedule that is laid out once: with weights 3 and 1 it is A
   * A B A, not A A A B. Each entry is placed at the earliest deadline, {@code now + 1/weight}
   * (Envoy: EDF scheduler).
   */
  final class RoundRobin implements LoadBalancer {
    private final Endpoint[] schedule;
    private final AtomicInteger next;

    RoundRobin(List<Endpoint> endpoints, RandomGenerator random) {
      schedule = layOut(endpoints);
      next = new AtomicInteger(random.nextInt(schedule.length));
    }

    @Override
    public Endpoint pick(Collection<Endpoint> tried) {
      for (int i = 0; i < schedule.length; i++) {
        Endpoint endpoint = schedule[Math.floorMod(next.getAndIncrement(), schedule.length)];
        if (!tried.contains(endpoint)) {
          return endpoint;
        }
      }
      return null;
    }

    private static Endpoint[] layOut(List<Endpoint> endpoints) {
      int divisor = 0;
      int sum = 0;
      for (Endpoint endpoint : endpoints) {
        divisor = gcd(endpoint.weight(), divisor);
        sum += endpoint.weight();
      }
      Endpoint[] schedule = new Endpoint[sum / divisor];
      double[] deadline = new double[endpoints.size()];
      for (int i = 0; i < deadline.length; i++) {
        deadline[i] = 1.0 / endpoints.get(i).weight();
      }
      for (int slot = 0; slot < schedule.length; slot++) {
        int first = 0;
        for (int i = 1; i < deadline.length; i++) {
          if (deadline[i] < deadline[first] - 1e-9) {
            first = i;
          }
        }
        schedule[slot] = endpoints.get(first);
        deadline[first] += 1.0 / endpoints.get(first).weight();
      }
      return schedule;
    }

    private static int gcd(int a, int b) {
      return b == 0 ? a : gcd(b, a % b);
    }
  }

  /**
   * The less loaded, for its weight, of two that are drawn at random (Envoy: LEAST_REQUEST,
   * choice_count 2).
   */
  final class LeastRequest implements LoadBalancer {
    private final Randomly draw;

    LeastRequest(List<Endpoint> endpoints, RandomGenerator random) {
      draw = new Randomly(endpoints, random);
    }

    @Override
    public Endpoint pick(Collection<Endpoint> tried) {
      Endpoint first = draw.pick(tried);
      Endpoint second = draw.pick(tried);
      if (first == null || first == second) {
        return first;
      }
      return load(second) < load(first) ? second : first;
    }

    private static double load(Endpoint endpoint) {
      return (endpoint.active() + 1.0) / endpoint.weight();
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
      if (tried.isEmpty()) {
        return endpoints.get(random.nextInt(endpoints.size()));
      }
      List<Endpoint> left = new ArrayList<>(endpoints);
      left.removeAll(tried);
      return left.isEmpty() ? null : left.get(random.nextInt(left.size()));
    }
  }
}
