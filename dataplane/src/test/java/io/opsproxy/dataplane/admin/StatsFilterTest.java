package io.opsproxy.dataplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StatsFilterTest {
  private static final String NAME = "cluster.some_cluster_of_mine." + "upstream_cx_".repeat(40);

  @Test
  void findsAnywhereInTheName() {
    assertThat(StatsFilter.of("upstream").matches(NAME)).isTrue();
    assertThat(StatsFilter.of("^upstream").matches(NAME)).isFalse();
    assertThat(StatsFilter.of("").matches(NAME)).isTrue();
    assertThat(StatsFilter.of("(cx|rq)_.{1,20}_cx").matches(NAME)).isTrue();
  }

  /** An engine that goes back would try these for longer than anybody waits. */
  @ParameterizedTest
  @ValueSource(strings = {"(([a-z._])+.)+[A-Z]", "(a|aa)+$", "([a-z_.]*)*X", "(.*)*(.*)*(.*)*Y"})
  void noPatternRunsAway(String pattern) {
    assertThat(StatsFilter.of(pattern).matches(NAME)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(([a-z._])+.)+[A-Z]\\2", "(", "a**", "(?=x)"})
  void whatIsNoPatternIsSaid(String pattern) {
    assertThatThrownBy(() -> StatsFilter.of(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("filter is not a regular expression");
  }

  @ParameterizedTest
  @ValueSource(strings = {"(((x{100}){100}){100})", "(x{1,100}){20}", "x{999999999}{999999999}"})
  void largeProgramsAreRefused(String pattern) {
    assertThatThrownBy(() -> StatsFilter.of(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1000 at most");
  }

  @Test
  void longPatternsAreRefused() {
    assertThatThrownBy(() -> StatsFilter.of("x".repeat(257)))
        .hasMessage("filter has 257 characters, and may have 256");
    assertThat(StatsFilter.of("(".repeat(128) + ")".repeat(128)).matches("")).isTrue();
  }
}
