package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.config.ServiceConfig.LbPolicy;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Which endpoints are used now: an immutable snapshot, made anew when what is known of an endpoint
 * changes, so that a connection reads one reference and takes no lock.
 */
final class HostSet {
  private final LoadBalancer eligible;
  private final LoadBalancer all;
  private final int eligibleCount;
  private final int pendingCount;
  private final boolean lastResort;
  private final boolean panic;

  private HostSet(
      LoadBalancer eligible,
      LoadBalancer all,
      int eligibleCount,
      int pendingCount,
      boolean lastResort,
      boolean panic) {
    this.eligible = eligible;
    this.all = all;
    this.eligibleCount = eligibleCount;
    this.pendingCount = pendingCount;
    this.lastResort = lastResort;
    this.panic = panic;
  }

  /** What all snapshots of one cluster have in common. */
  static final class Factory {
    private final LbPolicy policy;
    private final int panicThreshold;
    private final RandomGenerator random;

    /** Goes on over snapshots: a change of endpoints is no reason to begin with the first again. */
    private final AtomicInteger turn;

    /**
     * @param panicThreshold percentage, 0 means that endpoints known to be bad are never used
     */
    Factory(LbPolicy policy, int panicThreshold, RandomGenerator random) {
      this.policy = policy;
      this.panicThreshold = panicThreshold;
      this.random = random;
      turn = new AtomicInteger(random.nextInt());
    }

    /** By what is known of these endpoints now; at least one. */
    HostSet of(List<Endpoint> endpoints) {
      List<Endpoint> eligible = endpoints.stream().filter(Endpoint::isEligible).toList();
      int pending = (int) endpoints.stream().filter(Endpoint::isPending).count();
      int healthy = (int) eligible.stream().filter(endpoint -> !endpoint.isPending()).count();
      LoadBalancer all = balancer(endpoints);
      return new HostSet(
          eligible.size() == endpoints.size() ? all : balancer(eligible),
          all,
          eligible.size(),
          pending,
          panicThreshold > 0,
          Panic.is(healthy, endpoints.size() - pending, panicThreshold));
    }

    private LoadBalancer balancer(List<Endpoint> endpoints) {
      return LoadBalancer.of(policy, endpoints, turn, random);
    }
  }

  /**
   * The next endpoint for a connection that has tried some already. In panic it is any. Otherwise
   * it is an eligible one; when all of those were tried, the others are the last resort: a wrong
   * check should not cost a client its connection.
   *
   * @return null when there is none
   */
  Endpoint pick(Collection<Endpoint> tried) {
    if (panic) {
      return all.pick(tried);
    }
    Endpoint endpoint = eligible.pick(tried);
    return endpoint == null && lastResort ? all.pick(tried) : endpoint;
  }

  /** Whether all endpoints are used because too few are eligible. */
  boolean inPanic() {
    return panic;
  }

  /** Endpoints of which nothing is known yet. */
  int pendingCount() {
    return pendingCount;
  }

  /** Endpoints that are healthy, or wait for their first check, and are not ejected. */
  int eligibleCount() {
    return eligibleCount;
  }
}
