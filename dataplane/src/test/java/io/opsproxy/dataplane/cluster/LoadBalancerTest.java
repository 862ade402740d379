package io.opsproxy.dataplane.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.dataplane.config.ServiceConfig.LbPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LoadBalancerTest {
  private static Endpoint endpoint(String name, int weight) {
    return new Endpoint(new HostPort(name, 80), weight);
  }

  private static String picks(LoadBalancer balancer, int count) {
    StringBuilder hosts = new StringBuilder();
    for (int i = 0; i < count; i++) {
      hosts.append(balancer.pick(Set.of()).address().host());
    }
    return hosts.toString();
  }

  private static LoadBalancer balancer(LbPolicy policy, Endpoint... endpoints) {
    return LoadBalancer.of(policy, List.of(endpoints), new SplittableRandom(1));
  }

  @Test
  void roundRobinTakesEachInTurn() {
    String picks =
        picks(
            balancer(LbPolicy.ROUND_ROBIN, endpoint("a", 1), endpoint("b", 1), endpoint("c", 1)),
            7);
    assertThat("abcabcabcabc").contains(picks);
  }

  /** Envoy's EDF scheduler: 3 to 1 is A A B A, not A A A B after A A A B. */
  @Test
  void weightedRoundRobinIsSmooth() {
    String picks = picks(balancer(LbPolicy.ROUND_ROBIN, endpoint("a", 3), endpoint("b", 1)), 40);
    assertThat(picks.chars().filter(c -> c == 'b').count()).isEqualTo(10);
    assertThat(picks).doesNotContain("bb").doesNotContain("aaaa");
  }

  @Test
  void weightsAreSharesWhateverTheirScale() {
    String picks = picks(balancer(LbPolicy.ROUND_ROBIN, endpoint("a", 128), endpoint("b", 64)), 30);
    assertThat(picks.chars().filter(c -> c == 'a').count()).isEqualTo(20);
  }

  @ParameterizedTest
  @EnumSource(LbPolicy.class)
  void noneIsPickedTwiceForOneConnection(LbPolicy policy) {
    LoadBalancer balancer = balancer(policy, endpoint("a", 5), endpoint("b", 1), endpoint("c", 2));
    for (int round = 0; round < 50; round++) {
      List<Endpoint> tried = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Endpoint next = balancer.pick(tried);
        assertThat(tried).doesNotContain(next);
        tried.add(next);
      }
      assertThat(balancer.pick(tried)).isNull();
    }
  }

  @Test
  void leastRequestPrefersTheLessLoadedOfTwo() {
    Endpoint busy = endpoint("busy", 1);
    Endpoint idle = endpoint("idle", 1);
    for (int i = 0; i < 100; i++) {
      busy.opened();
    }
    LoadBalancer balancer = balancer(LbPolicy.LEAST_REQUEST, busy, idle);
    long ofIdle =
        Collections.nCopies(1000, 0).stream().filter(i -> balancer.pick(Set.of()) == idle).count();
    // two draws with replacement: busy only when both draws hit it, a quarter of the time
    assertThat(ofIdle).isBetween(700L, 800L);
  }

  @Test
  void randomIgnoresWeights() {
    LoadBalancer balancer = balancer(LbPolicy.RANDOM, endpoint("a", 100), endpoint("b", 1));
    Map<String, Long> counts =
        Collections.nCopies(2000, 0).stream()
            .map(i -> balancer.pick(Set.of()).address().host())
            .collect(Collectors.groupingBy(host -> host, Collectors.counting()));
    assertThat(counts.get("a")).isBetween(900L, 1100L);
  }
}
