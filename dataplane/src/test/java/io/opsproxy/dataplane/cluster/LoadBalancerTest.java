package io.opsproxy.dataplane.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.ServiceConfig.LbPolicy;
import io.opsproxy.dataplane.config.value.HostPort;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
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
      hosts.append(balancer.pick(0, Set.of()).address().host());
    }
    return hosts.toString();
  }

  private static LoadBalancer balancer(LbPolicy policy, Endpoint... endpoints) {
    return LoadBalancer.of(
        policy, List.of(endpoints), new AtomicInteger(), new SplittableRandom(1));
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
    assertThat(picks(balancer(LbPolicy.ROUND_ROBIN, endpoint("a", 3), endpoint("b", 1)), 8))
        .isEqualTo("aabaaaba");
    assertThat(
            picks(
                balancer(
                    LbPolicy.ROUND_ROBIN, endpoint("a", 4), endpoint("b", 2), endpoint("c", 1)),
                7))
        .isEqualTo("abaacba");
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
        Endpoint next = balancer.pick(0, tried);
        assertThat(tried).doesNotContain(next);
        tried.add(next);
      }
      assertThat(balancer.pick(0, tried)).isNull();
    }
  }

  @Test
  void leastRequestPrefersTheLessLoadedOfTwo() {
    Endpoint busy = endpoint("busy", 1);
    Endpoint idle = endpoint("idle", 1);
    for (int i = 0; i < 100; i++) {
      busy.connected();
    }
    LoadBalancer balancer = balancer(LbPolicy.LEAST_REQUEST, busy, idle);
    long ofIdle =
        Collections.nCopies(1000, 0).stream()
            .filter(i -> balancer.pick(0, Set.of()) == idle)
            .count();
    // two draws with replacement: busy only when both draws hit it, a quarter of the time
    assertThat(ofIdle).isBetween(700L, 800L);
  }

  @Test
  void randomIgnoresWeights() {
    LoadBalancer balancer = balancer(LbPolicy.RANDOM, endpoint("a", 100), endpoint("b", 1));
    Map<String, Long> counts =
        Collections.nCopies(2000, 0).stream()
            .map(i -> balancer.pick(0, Set.of()).address().host())
            .collect(Collectors.groupingBy(host -> host, Collectors.counting()));
    assertThat(counts.get("a")).isBetween(900L, 1100L);
  }

  /** Envoy's documentation: weight 2 with 4 active requests counts as 0.4. */
  @Test
  void activeConnectionsLessenAWeight() {
    Endpoint endpoint = endpoint("a", 2);
    for (int i = 0; i < 4; i++) {
      endpoint.connected();
    }
    assertThat(LoadBalancer.WeightedLeastRequest.share(endpoint)).isEqualTo(0.4);
  }

  @Test
  void leastRequestKeepsUnequalWeights() {
    Endpoint a = endpoint("a", 3);
    Endpoint b = endpoint("b", 1);
    LoadBalancer balancer = balancer(LbPolicy.LEAST_REQUEST, a, b);
    assertThat(share(balancer, a)).isBetween(0.72, 0.78);
    for (int i = 0; i < 2; i++) {
      a.connected();
    }
    // 3 / 3 against 1 / 1
    assertThat(share(balancer, a)).isBetween(0.47, 0.53);
  }

  private static double share(LoadBalancer balancer, Endpoint of) {
    int draws = 10_000;
    int hits = 0;
    for (int i = 0; i < draws; i++) {
      hits += balancer.pick(0, Set.of()) == of ? 1 : 0;
    }
    return (double) hits / draws;
  }

  /** Turns that others take in between must not make a connection miss an endpoint. */
  @Test
  void roundRobinFindsTheLastUntriedEndpointWhateverOthersDo() {
    AtomicInteger turn = new AtomicInteger();
    Endpoint a = endpoint("a", 1);
    Endpoint b = endpoint("b", 1);
    LoadBalancer balancer =
        LoadBalancer.of(LbPolicy.ROUND_ROBIN, List.of(a, b), turn, new SplittableRandom(1));
    for (int i = 0; i < 10; i++) {
      turn.set(i);
      assertThat(balancer.pick(0, List.of(a))).isSameAs(b);
    }
  }

  @Test
  void aRetryTakesNoTurn() {
    Endpoint dead = endpoint("dead", 1);
    LoadBalancer balancer = balancer(LbPolicy.ROUND_ROBIN, dead, endpoint("live", 1));
    int toDead = 0;
    for (int i = 0; i < 10; i++) {
      if (balancer.pick(0, List.of()) == dead) {
        toDead++;
        balancer.pick(0, List.of(dead));
      }
    }
    assertThat(toDead).isEqualTo(5);
  }

  @Test
  void retriesSpreadOverAllOthers() {
    Endpoint dead = endpoint("dead", 1);
    Endpoint b = endpoint("b", 1);
    Endpoint c = endpoint("c", 1);
    LoadBalancer balancer = balancer(LbPolicy.ROUND_ROBIN, dead, b, c);
    long toB =
        Collections.nCopies(3000, 0).stream()
            .filter(i -> balancer.pick(0, List.of(dead)) == b)
            .count();
    assertThat(toB).isBetween(1400L, 1600L);
  }
}
