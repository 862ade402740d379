package io.opsproxy.dataplane.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.cluster.CheckResult.Kind;
import io.opsproxy.dataplane.config.model.HealthCheck;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class HealthStateTest {
  private static final SplittableRandom RANDOM = new SplittableRandom(1);

  private static HealthCheck check(int unhealthy, int healthy, Duration jitter, int percent) {
    return new HealthCheck(
        Duration.ofSeconds(3),
        Duration.ofSeconds(10),
        Duration.ofSeconds(4),
        jitter,
        percent,
        unhealthy,
        healthy,
        Optional.empty(),
        true);
  }

  private static HealthState state(int unhealthy, int healthy) {
    return new HealthState(check(unhealthy, healthy, Duration.ZERO, 0));
  }

  /**
   * The states after each of these results, with thresholds of 3 failures and 2 successes: P
   * passed, N network, T timeout, R retriable status, U unexpected status; ? pending, + healthy, -
   * failed.
   */
  @ParameterizedTest
  @CsvSource({
    // the first success is enough
    "P, +",
    // the first failure is enough, of whatever kind; after it two successes are needed
    "N, -",
    "T, -",
    "R, -",
    "U, -",
    "NPP, --+",
    "NPNPP, ----+",
    // three of the kinds that are counted, in a row
    "PNNN, +++-",
    "PNTR, +++-",
    "PNNPNN, ++++++",
    "PNNPNNN, ++++++-",
    // an answer that says "not well" needs no second
    "PU, +-",
    "PNU, ++-",
    "PUPP, +--+",
    // what was counted before an outage is forgotten after it
    "PNUPPNN, ++--+++",
    "NPPNNN, --+++-"
  })
  void followsEnvoy(String results, String states) {
    HealthState state = state(3, 2);
    assertThat(state.pending()).isTrue();
    assertThat(state.failed()).isFalse();
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < results.length(); i++) {
      state.record(
          switch (results.charAt(i)) {
            case 'P' -> Kind.PASSED;
            case 'N' -> Kind.NETWORK;
            case 'T' -> Kind.TIMEOUT;
            case 'R' -> Kind.RETRIABLE;
            default -> Kind.UNHEALTHY;
          });
      assertThat(state.pending()).isFalse();
      seen.append(state.failed() ? '-' : '+');
    }
    assertThat(seen).hasToString(states);
  }

  @Test
  void thresholdsOfOneFollowEveryResult() {
    HealthState state = state(1, 1);
    state.record(Kind.NETWORK);
    assertThat(state.failed()).isTrue();
    state.record(Kind.PASSED);
    assertThat(state.failed()).isFalse();
    state.record(Kind.TIMEOUT);
    assertThat(state.failed()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theLastResultSaysWhenTheNextCheckIs(Kind last) {
    HealthState state = state(3, 2);
    assertThat(state.next(last, RANDOM))
        .isEqualTo(last == Kind.PASSED ? Duration.ofSeconds(10) : Duration.ofSeconds(4));
  }

  /** Jitter, in percent; the last result; the bounds of the next interval; all in seconds. */
  @ParameterizedTest
  @CsvSource({
    "2, 0, PASSED, 10, 12",
    "0, 50, PASSED, 10, 15",
    "0, 50, NETWORK, 4, 6",
    "2, 0, NETWORK, 4, 6",
    "1, 10, PASSED, 10, 12",
    "1, 10, NETWORK, 4, 5.4",
    "0, 0, PASSED, 10, 10"
  })
  void jitterOnlyAdds(int jitter, int percent, Kind last, double from, double to) {
    HealthState state = new HealthState(check(3, 2, Duration.ofSeconds(jitter), percent));
    Duration least = Duration.ofDays(1);
    Duration most = Duration.ZERO;
    for (int i = 0; i < 2000; i++) {
      Duration next = state.next(last, RANDOM);
      least = next.compareTo(least) < 0 ? next : least;
      most = next.compareTo(most) > 0 ? next : most;
    }
    double tenth = (to - from) / 10;
    assertThat(least.toMillis() / 1000.0).isBetween(from, from + tenth);
    assertThat(most.toMillis() / 1000.0).isBetween(to - tenth, to);
  }
}
