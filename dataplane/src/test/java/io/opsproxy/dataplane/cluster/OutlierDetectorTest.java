package io.opsproxy.dataplane.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.OutlierDetection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OutlierDetectorTest {
  private final List<Ejection> hosts = new ArrayList<>();
  private final ClusterCounters counters = new ClusterCounters();
  private long seconds;

  private OutlierDetector detector(int hostCount, int maxPercent, boolean always) {
    return detector(hostCount, maxPercent, always, true);
  }

  private OutlierDetector detector(
      int hostCount, int maxPercent, boolean always, boolean unejectOnHealthyCheck) {
    for (int i = 0; i < hostCount; i++) {
      hosts.add(new Ejection());
    }
    OutlierDetection settings =
        new OutlierDetection(
            5,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(300),
            maxPercent,
            always,
            unejectOnHealthyCheck);
    return new OutlierDetector(settings, hosts, counters, () -> TimeUnit.SECONDS.toNanos(seconds));
  }

  /** What the loops of connections do with a failed connect. */
  private static boolean fail(OutlierDetector detector, Ejection host, int times) {
    boolean ejected = false;
    for (int i = 0; i < times; i++) {
      ejected |= detector.isTrigger(host.failed()) && detector.trigger(host);
    }
    return ejected;
  }

  private int sweepsUntilReturn(OutlierDetector detector, Ejection host) {
    for (int sweeps = 1; sweeps < 100; sweeps++) {
      seconds += 10;
      if (detector.sweep(host)) {
        return sweeps;
      }
    }
    throw new AssertionError("it never returned");
  }

  @Test
  void theFifthFailureInARowEjects() {
    OutlierDetector detector = detector(2, 50, false);
    assertThat(fail(detector, hosts.get(0), 4)).isFalse();
    assertThat(fail(detector, hosts.get(0), 1)).isTrue();
    assertThat(hosts.get(0).ejected()).isTrue();
    assertThat(counters.ejections().sum()).isEqualTo(1);
  }

  @Test
  void aSuccessBetweenBeginsTheCountAgain() {
    OutlierDetector detector = detector(2, 50, false);
    fail(detector, hosts.get(0), 4);
    hosts.get(0).succeeded();
    assertThat(fail(detector, hosts.get(0), 4)).isFalse();
    assertThat(fail(detector, hosts.get(0), 1)).isTrue();
  }

  @Test
  void theThresholdAndWhateverIsBeyondItIsATrigger() {
    OutlierDetector detector = detector(2, 50, false);
    for (int failures = 1; failures < 20; failures++) {
      assertThat(detector.isTrigger(failures)).isEqualTo(failures >= 5);
    }
  }

  /** The seed's 50 %: how many of so many endpoints may be ejected at a time. */
  @ParameterizedTest
  @CsvSource({
    "1, 50, false, 0",
    "2, 50, false, 1",
    "3, 50, false, 1",
    "4, 50, false, 2",
    "5, 50, false, 2",
    "10, 10, false, 1",
    "9, 10, false, 0",
    "3, 100, false, 3",
    "3, 0, false, 0",
    // always_eject_one_host is about the first alone
    "1, 50, true, 1",
    "9, 10, true, 1",
    "3, 0, true, 1",
    "4, 50, true, 2"
  })
  void theShareOfEjectedEndpointsIsBounded(int count, int percent, boolean always, int most) {
    OutlierDetector detector = detector(count, percent, always);
    hosts.forEach(host -> fail(detector, host, 5));
    assertThat(detector.active()).isEqualTo(most);
    assertThat(counters.ejections().sum()).isEqualTo(most);
    assertThat(counters.ejectionsOverflow().sum()).isEqualTo(count - most);
  }

  @Test
  void anEndpointThatMayNotBeEjectedIsCountedFromZeroAgain() {
    OutlierDetector detector = detector(1, 50, false);
    fail(detector, hosts.get(0), 4);
    assertThat(counters.ejectionsOverflow().sum()).isZero();
    fail(detector, hosts.get(0), 1);
    assertThat(counters.ejectionsOverflow().sum()).isEqualTo(1);
    fail(detector, hosts.get(0), 4);
    assertThat(counters.ejectionsOverflow().sum()).isEqualTo(1);
    fail(detector, hosts.get(0), 1);
    assertThat(counters.ejectionsOverflow().sum()).isEqualTo(2);
  }

  @Test
  void anEjectedEndpointIsNotEjectedAgain() {
    OutlierDetector detector = detector(2, 100, false);
    fail(detector, hosts.get(0), 5);
    assertThat(detector.trigger(hosts.get(0))).isFalse();
    assertThat(counters.ejections().sum()).isEqualTo(1);
    assertThat(counters.ejectionsOverflow().sum()).isZero();
  }

  @Test
  void anEndpointThatIsGoneIsNotEjected() {
    OutlierDetector detector = detector(2, 100, false);
    Ejection gone = new Ejection();
    assertThat(fail(detector, gone, 5)).isFalse();
    assertThat(gone.ejected()).isFalse();
  }

  /** Returned only at a sweep: an ejection of 30 s lasts 30 to 40. */
  @Test
  void itReturnsAtTheFirstSweepAfterItsTime() {
    OutlierDetector detector = detector(2, 50, false);
    Ejection host = hosts.get(0);
    seconds = 3;
    fail(detector, host, 5);
    for (int at = 10; at <= 30; at += 10) {
      seconds = at;
      assertThat(detector.sweep(host)).isFalse();
    }
    seconds = 40;
    assertThat(detector.sweep(host)).isTrue();
    assertThat(host.ejected()).isFalse();
    assertThat(detector.active()).isZero();
  }

  @Test
  void exactlyItsTimeIsEnough() {
    OutlierDetector detector = detector(2, 50, false);
    fail(detector, hosts.get(0), 5);
    assertThat(sweepsUntilReturn(detector, hosts.get(0))).isEqualTo(3);
  }

  @Test
  void afterItsReturnTheCountBeginsAtZero() {
    OutlierDetector detector = detector(2, 50, false);
    Ejection host = hosts.get(0);
    fail(detector, host, 5);
    fail(detector, host, 3);
    sweepsUntilReturn(detector, host);
    assertThat(fail(detector, host, 4)).isFalse();
    assertThat(fail(detector, host, 1)).isTrue();
  }

  /** 30 s, 60 s, and so on, to the 300 s that no ejection passes. */
  @Test
  void everyEjectionLastsLongerUpToTheBound() {
    OutlierDetector detector = detector(2, 50, false);
    Ejection host = hosts.get(0);
    List<Long> lasted = new ArrayList<>();
    List<Integer> sweeps = new ArrayList<>();
    for (int i = 0; i < 13; i++) {
      fail(detector, host, 5);
      lasted.add(detector.duration(host).toSeconds());
      sweeps.add(sweepsUntilReturn(detector, host));
    }
    assertThat(lasted)
        .containsExactly(30L, 60L, 90L, 120L, 150L, 180L, 210L, 240L, 270L, 300L, 300L, 300L, 300L);
    assertThat(sweeps).containsExactly(3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 30, 30, 30);
    // Envoy lets it grow while multiplier x base < max + base
    assertThat(host.multiplier()).isEqualTo(11);
  }

  @Test
  void eachSweepInGoodHealthForgetsOneEjection() {
    OutlierDetector detector = detector(2, 50, false);
    Ejection host = hosts.get(0);
    for (int i = 0; i < 3; i++) {
      fail(detector, host, 5);
      sweepsUntilReturn(detector, host);
    }
    assertThat(host.multiplier()).isEqualTo(3);
    detector.sweep(host);
    assertThat(host.multiplier()).isEqualTo(2);
    fail(detector, host, 5);
    assertThat(detector.duration(host)).isEqualTo(Duration.ofSeconds(90));
    sweepsUntilReturn(detector, host);
    for (int i = 0; i < 10; i++) {
      detector.sweep(host);
    }
    assertThat(host.multiplier()).isZero();
  }

  @Test
  void aPassingCheckEndsAnEjectionIfItMay() {
    OutlierDetector detector = detector(2, 50, false);
    fail(detector, hosts.get(0), 5);
    assertThat(detector.checkPassed(hosts.get(0))).isTrue();
    assertThat(hosts.get(0).ejected()).isFalse();
    assertThat(detector.checkPassed(hosts.get(0))).as("nothing to end").isFalse();
  }

  @Test
  void aPassingCheckLeavesAnEjectionAloneWhereThatIsConfigured() {
    OutlierDetector detector = detector(2, 50, false, false);
    fail(detector, hosts.get(0), 5);
    assertThat(detector.checkPassed(hosts.get(0))).isFalse();
    assertThat(hosts.get(0).ejected()).isTrue();
  }

  /** The threshold is lowered, or detection comes, by a reload. */
  @Test
  void anEndpointThatIsPastTheThresholdAlreadyIsEjectedByItsNextFailure() {
    OutlierDetector detector = detector(2, 50, false);
    Ejection host = hosts.get(0);
    for (int i = 0; i < 7; i++) {
      host.failed();
    }
    assertThat(fail(detector, host, 1)).isTrue();
    assertThat(host.ejected()).isTrue();
  }

  @Test
  void failuresThatRacePastTheThresholdEjectOnce() {
    OutlierDetector detector = detector(2, 50, false);
    Ejection host = hosts.get(0);
    for (int i = 0; i < 7; i++) {
      host.failed();
    }
    assertThat(detector.trigger(host)).isTrue();
    host.end();
    assertThat(detector.trigger(host)).as("a call that comes late").isFalse();
  }
}
