package io.opsproxy.dataplane.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tables of Envoy's documentation, priority levels and panic threshold, and what it omits. */
final class PriorityLoadTest {
  private static final int THRESHOLD = 50;

  private static List<PriorityLoad.Level> ofHundred(String healthy) {
    return Arrays.stream(healthy.split(" "))
        .map(percent -> new PriorityLoad.Level(Integer.parseInt(percent), 0, 100))
        .toList();
  }

  /** Such as {@code 70 30!}: percentages, with a mark where there is panic. */
  private static String load(List<PriorityLoad.Level> levels, int threshold) {
    PriorityLoad load = PriorityLoad.of(levels, threshold);
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < levels.size(); i++) {
      shown.add(load.percent(i) + (load.panic(i) ? "!" : ""));
    }
    return String.join(" ", shown);
  }

  /** Healthy percentage of each level, its share in connections. */
  @ParameterizedTest
  @CsvSource({
    "100 100, 100 0",
    "72 100, 100 0",
    "71 100, 99 1",
    "50 100, 70 30",
    "25 100, 35 65",
    "0 100, 0 100",
    "72 72, 100 0",
    "71 71, 99 1",
    "50 50, 70 30",
    "50 60, 70 30",
    "100 100 100, 100 0 0",
    "72 72 100, 100 0 0",
    "71 71 100, 99 1 0",
    "50 50 100, 70 30 0",
    "25 100 100, 35 65 0",
    "25 25 100, 35 35 30",
    "0 0 100, 0 0 100"
  })
  void levelsShareByTheirHealth(String healthy, String shares) {
    assertThat(load(ofHundred(healthy), THRESHOLD)).isEqualTo(shares);
    assertThat(load(ofHundred(healthy), 0)).isEqualTo(shares);
  }

  /** Healths of 35, 35 and 28 add up to 98; what rounding leaves over goes to the first. */
  @ParameterizedTest
  @CsvSource({"25 25 20, 37 35 28", "25 25, 50 50", "5 65, 8 92", "0 20, 0 100"})
  void healthsThatAddUpToLessAreScaled(String healthy, String shares) {
    assertThat(load(ofHundred(healthy), 0)).isEqualTo(shares);
  }

  @ParameterizedTest
  @CsvSource({
    // as long as the healths add up to 100 nobody is in panic
    "1 71, 1 99",
    "5 65, 8! 92",
    "25 25, 50! 50!",
    "0 60, 0! 100",
    "60 0, 100 0!",
    // nobody is healthy: by the number of endpoints
    "0 0, 50! 50!",
    "0 0 0, 34! 33! 33!"
  })
  void aLevelIsInPanicWhenAllTogetherHaveTooFewHealthyEndpointsAndItTheLeast(
      String healthy, String load) {
    assertThat(load(ofHundred(healthy), THRESHOLD)).isEqualTo(load);
  }

  @Test
  void whereAllAreInPanicSharesAreByEndpoints() {
    List<PriorityLoad.Level> levels =
        List.of(new PriorityLoad.Level(0, 0, 1), new PriorityLoad.Level(0, 0, 3));
    assertThat(load(levels, THRESHOLD)).isEqualTo("25! 75!");
  }

  @Test
  void withoutPanicTheFirstLevelHasAllWhenNoEndpointMayBeUsed() {
    assertThat(load(ofHundred("0 0"), 0)).isEqualTo("100 0");
  }

  /** Healthy endpoints, those that wait for their first check, all; of two levels. */
  @ParameterizedTest
  @CsvSource({
    "0, 2, 2, 1, 0, 1, 100 0",
    "1, 1, 3, 1, 0, 1, 70 30",
    "0, 1, 2, 1, 0, 1, 0 100",
    "0, 0, 1, 0, 2, 2, 0 100"
  })
  void whatWaitsForItsFirstCheckCountsForNothing(
      int healthy, int pending, int all, int healthy1, int pending1, int all1, String load) {
    assertThat(
            load(
                List.of(
                    new PriorityLoad.Level(healthy, pending, all),
                    new PriorityLoad.Level(healthy1, pending1, all1)),
                THRESHOLD))
        .isEqualTo(load);
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
    "70, 100, 1000, true"
  })
  void ofOneLevelPanicIsBelowTheThreshold(int healthy, int counted, int threshold, boolean panic) {
    List<PriorityLoad.Level> levels = List.of(new PriorityLoad.Level(healthy, 0, counted));
    assertThat(load(levels, threshold)).isEqualTo(panic ? "100!" : "100");
  }
}
