package io.opsproxy.dataplane.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.cluster.CheckResult.Kind;
import io.opsproxy.dataplane.config.HealthCheck;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.dataplane.config.ServiceConfig.LbPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class HostSetTest {
  private static final HealthCheck CHECK =
      new HealthCheck(
          Duration.ofSeconds(3),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ZERO,
          3,
          2,
          Optional.empty(),
          true);

  /** One endpoint for each letter: + healthy, - a check failed, x ejected, ? pending. */
  private static List<Endpoint> endpoints(String states) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < states.length(); i++) {
      Endpoint endpoint = new Endpoint(new HostPort("h" + i, 80), 1);
      HealthState state = endpoint.checked(List.of(CHECK)).get(0);
      switch (states.charAt(i)) {
        case '-' -> state.record(Kind.NETWORK);
        case 'x' -> {
          state.record(Kind.PASSED);
          endpoint.ejection().begin(0);
        }
        case '+' -> state.record(Kind.PASSED);
        default -> assertThat(state.pending()).isTrue();
      }
      endpoint.publish();
      endpoints.add(endpoint);
    }
    return endpoints;
  }

  private static HostSet set(LbPolicy policy, int panicThreshold, List<Endpoint> endpoints) {
    return new HostSet.Factory(policy, panicThreshold, new SplittableRandom(1)).of(endpoints);
  }

  /** The endpoints that first attempts go to, by number. */
  private static Set<Integer> used(HostSet set, List<Endpoint> endpoints) {
    Set<Integer> used = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      used.add(endpoints.indexOf(set.pick(Set.of())));
    }
    return used;
  }

  @ParameterizedTest
  @EnumSource(LbPolicy.class)
  void onlyHealthyEndpointsThatAreNotEjectedAreUsed(LbPolicy policy) {
    List<Endpoint> endpoints = endpoints("++-x+");
    assertThat(used(set(policy, 50, endpoints), endpoints)).containsExactlyInAnyOrder(0, 1, 4);
  }

  @Test
  void anEndpointThatWaitsForItsFirstCheckIsUsed() {
    List<Endpoint> endpoints = endpoints("+?");
    assertThat(used(set(LbPolicy.ROUND_ROBIN, 50, endpoints), endpoints))
        .containsExactlyInAnyOrder(0, 1);
  }

  /** Healthy endpoints, endpoints that count, threshold. */
  @ParameterizedTest
  @CsvSource({
    // the seed's 50 %: one of two is no panic, one of three is
    "1, 2, 50, false",
    "1, 3, 50, true",
    "0, 1, 50, true",
    "0, 2, 50, true",
    "49, 100, 50, true",
    "50, 100, 50, false",
    // 71.43 % healthy is never panic, whatever the threshold
    "5, 7, 90, false",
    "5, 7, 100, false",
    "71, 100, 90, true",
    "72, 100, 90, false",
    "7, 10, 90, true",
    "3, 4, 100, false",
    // 0 switches it off
    "0, 2, 0, false",
    "1, 100, 0, false",
    // more than all is all
    "70, 100, 1000, true",
    // nothing is known of any
    "0, 0, 50, false"
  })
  void panicIsBelowTheThreshold(int healthy, int counted, int threshold, boolean panic) {
    assertThat(Panic.is(healthy, counted, threshold)).isEqualTo(panic);
  }

  @ParameterizedTest
  @CsvSource({
    "+-, false",
    "+--, true",
    "x-+, true",
    "--, true",
    "++-, false",
    // those that wait for their first check do not count
    "??, false",
    "+-?, false",
    "-??, true",
    "+???, false"
  })
  void panicCountsWhatIsKnown(String states, boolean panic) {
    List<Endpoint> endpoints = endpoints(states);
    HostSet set = set(LbPolicy.ROUND_ROBIN, 50, endpoints);
    assertThat(set.inPanic()).isEqualTo(panic);
    if (panic) {
      assertThat(used(set, endpoints)).hasSize(states.length());
    }
  }

  @ParameterizedTest
  @EnumSource(LbPolicy.class)
  void theOthersAreTheLastResort(LbPolicy policy) {
    List<Endpoint> endpoints = endpoints("+-+x");
    HostSet set = set(policy, 50, endpoints);
    List<Endpoint> tried = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      tried.add(set.pick(tried));
    }
    assertThat(tried.subList(0, 2)).containsOnly(endpoints.get(0), endpoints.get(2));
    assertThat(tried.subList(2, 4)).containsOnly(endpoints.get(1), endpoints.get(3));
    assertThat(set.pick(tried)).isNull();
  }

  @Test
  void withoutPanicNoEndpointThatIsKnownToBeBadIsEverUsed() {
    List<Endpoint> endpoints = endpoints("+-");
    HostSet set = set(LbPolicy.ROUND_ROBIN, 0, endpoints);
    assertThat(set.pick(Set.of())).isSameAs(endpoints.get(0));
    assertThat(set.pick(List.of(endpoints.get(0)))).isNull();
    assertThat(set(LbPolicy.ROUND_ROBIN, 0, endpoints("-x")).pick(Set.of())).isNull();
  }

  @Test
  void roundRobinGoesOnWhenAnEndpointLeaves() {
    HostSet.Factory factory =
        new HostSet.Factory(LbPolicy.ROUND_ROBIN, 50, new SplittableRandom(1));
    List<Endpoint> endpoints = endpoints("+++");
    Endpoint last = null;
    for (int i = 0; i < 100; i++) {
      // made anew each time, as if something changed all the time
      Endpoint next = factory.of(endpoints).pick(Set.of());
      assertThat(next).isNotSameAs(last);
      last = next;
    }
  }

  /** Several checks: all must say that it is healthy. */
  @Test
  void oneOfTwoChecksIsEnoughToFail() {
    Endpoint endpoint = new Endpoint(new HostPort("a", 80), 1);
    List<HealthState> states = endpoint.checked(List.of(CHECK, CHECK));
    states.get(0).record(Kind.PASSED);
    endpoint.publish();
    assertThat(endpoint.isPending()).isTrue();
    assertThat(endpoint.isEligible()).isTrue();
    states.get(1).record(Kind.UNHEALTHY);
    endpoint.publish();
    assertThat(endpoint.isPending()).isFalse();
    assertThat(endpoint.failedActiveCheck()).isTrue();
    states.get(1).record(Kind.PASSED);
    states.get(1).record(Kind.PASSED);
    endpoint.publish();
    assertThat(endpoint.failedActiveCheck()).isFalse();
  }

  @Test
  void checksThatAReloadKeepsKeepTheirStates() {
    Endpoint endpoint = endpoints("-").get(0);
    assertThat(endpoint.checked(List.of(CHECK)).get(0).failed()).isTrue();
    assertThat(endpoint.failedActiveCheck()).isTrue();
    endpoint.checked(List.of());
    assertThat(endpoint.failedActiveCheck()).isFalse();
  }
}
