package io.opsproxy.dataplane.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.cluster.CheckResult.Kind;
import io.opsproxy.dataplane.config.model.HealthCheck;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.model.ServiceConfig.LbPolicy;
import io.opsproxy.dataplane.config.value.HostPort;
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
  /** Many clients. */
  private static final SplittableRandom KEYS = new SplittableRandom(2);

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
    return new HostSet.Factory(policy, panicThreshold, new SplittableRandom(1), () -> {})
        .of(endpoints);
  }

  /** The endpoints that first attempts go to, by number. */
  private static Set<Integer> used(HostSet set, List<Endpoint> endpoints) {
    Set<Integer> used = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      used.add(endpoints.indexOf(set.pick(KEYS.nextLong(), Set.of())));
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
      tried.add(set.pick(KEYS.nextLong(), tried));
    }
    assertThat(tried.subList(0, 2)).containsOnly(endpoints.get(0), endpoints.get(2));
    assertThat(tried.subList(2, 4)).containsOnly(endpoints.get(1), endpoints.get(3));
    assertThat(set.pick(KEYS.nextLong(), tried)).isNull();
  }

  @Test
  void withoutPanicNoEndpointThatIsKnownToBeBadIsEverUsed() {
    List<Endpoint> endpoints = endpoints("+-");
    HostSet set = set(LbPolicy.ROUND_ROBIN, 0, endpoints);
    assertThat(set.pick(KEYS.nextLong(), Set.of())).isSameAs(endpoints.get(0));
    assertThat(set.pick(KEYS.nextLong(), List.of(endpoints.get(0)))).isNull();
    assertThat(set(LbPolicy.ROUND_ROBIN, 0, endpoints("-x")).pick(KEYS.nextLong(), Set.of()))
        .isNull();
  }

  @Test
  void roundRobinGoesOnWhenAnEndpointLeaves() {
    HostSet.Factory factory =
        new HostSet.Factory(LbPolicy.ROUND_ROBIN, 50, new SplittableRandom(1), () -> {});
    List<Endpoint> endpoints = endpoints("+++");
    Endpoint last = null;
    for (int i = 0; i < 100; i++) {
      // made anew each time, as if something changed all the time
      Endpoint next = factory.of(endpoints).pick(KEYS.nextLong(), Set.of());
      assertThat(next).isNotSameAs(last);
      last = next;
    }
  }

  /** Levels are told apart by spaces in {@code states}, and end up with priorities 0, 1, ... */
  private static List<Endpoint> levels(String states) {
    List<Endpoint> endpoints = endpoints(states.replace(" ", ""));
    String[] levels = states.split(" ");
    int next = 0;
    for (int priority = 0; priority < levels.length; priority++) {
      for (int i = 0; i < levels[priority].length(); i++) {
        Endpoint endpoint = endpoints.get(next++);
        endpoint.configured(new ServiceConfig.Endpoint(endpoint.address(), 1, priority));
      }
    }
    return endpoints;
  }

  @ParameterizedTest
  @CsvSource({
    "++ ++, 0 1",
    "+++- ++, 0 1 2",
    "-- ++, 2 3",
    "+- ++, 0 2 3",
    "-- -- +, 4",
    "+-- +-- ++, 0 3 6 7",
    // panic in the first level only: its healths and that of the second add up to 98
    "--- --+, 0 1 2 3 4 5"
  })
  void connectionsGoToTheFirstLevelThatCanServe(String states, String expected) {
    List<Endpoint> endpoints = levels(states);
    HostSet set = set(LbPolicy.ROUND_ROBIN, 50, endpoints);
    assertThat(used(set, endpoints).stream().sorted().map(String::valueOf))
        .containsExactly(expected.split(" "));
  }

  @ParameterizedTest
  @EnumSource(LbPolicy.class)
  void levelsGetTheirShares(LbPolicy policy) {
    List<Endpoint> endpoints = levels("+- ++");
    HostSet set = set(policy, 50, endpoints);
    int first = 0;
    for (int i = 0; i < 10_000; i++) {
      first += set.pick(KEYS.nextLong(), Set.of()) == endpoints.get(0) ? 1 : 0;
    }
    assertThat(first).isBetween(6_800, 7_200);
    assertThat(set.shares()).isEqualTo("70 % to priority 0, 30 % to priority 1");
  }

  /** First what is healthy, level by level; then the rest. No endpoint twice. */
  @Test
  void aConnectionThatCannotBeMadeGoesOnToTheOtherLevels() {
    List<Endpoint> endpoints = levels("+++- + -+");
    HostSet set = set(LbPolicy.ROUND_ROBIN, 50, endpoints);
    List<Endpoint> tried = new ArrayList<>();
    for (int i = 0; i < endpoints.size(); i++) {
      tried.add(set.pick(KEYS.nextLong(), tried));
    }
    assertThat(tried.subList(0, 3)).containsExactlyInAnyOrderElementsOf(endpoints.subList(0, 3));
    assertThat(tried.subList(3, 7))
        .containsExactly(endpoints.get(4), endpoints.get(6), endpoints.get(3), endpoints.get(5));
    assertThat(set.pick(KEYS.nextLong(), tried)).isNull();
  }

  @Test
  void everyLevelHasATurnOfItsOwn() {
    List<Endpoint> endpoints = levels("++---- ++");
    HostSet set = set(LbPolicy.ROUND_ROBIN, 0, endpoints);
    int[] picks = new int[endpoints.size()];
    for (int i = 0; i < 1_000; i++) {
      picks[endpoints.indexOf(set.pick(KEYS.nextLong(), Set.of()))]++;
    }
    assertThat(Math.abs(picks[0] - picks[1])).isLessThanOrEqualTo(1);
    assertThat(Math.abs(picks[6] - picks[7])).isLessThanOrEqualTo(1);
  }

  @Test
  void panicOfALevelIsCountedWithEachConnectionThatItGets() {
    int[] counted = {0};
    List<Endpoint> endpoints = levels("----------+ +-");
    HostSet set =
        new HostSet.Factory(LbPolicy.RANDOM, 50, new SplittableRandom(1), () -> counted[0]++)
            .of(endpoints);
    assertThat(set.inPanic()).isTrue();
    assertThat(set.usedInPanic()).isEqualTo("all of priority 0");
    int first = 0;
    for (int i = 0; i < 1_000; i++) {
      first += set.pick(KEYS.nextLong(), Set.of()).priority() == 0 ? 1 : 0;
    }
    assertThat(first).isPositive();
    assertThat(counted[0]).isEqualTo(first);
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
