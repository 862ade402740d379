package io.opsproxy.dataplane.mesh.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChangeRateTest {
  private long now = 1;
  private final ChangeRate rate = new ChangeRate(() -> now);

  private void changes(int count) {
    for (int i = 0; i < count; i++) {
      rate.changed();
    }
  }

  @Test
  void slowsAndThenCutsAPeerThatChangesItsNamesWithoutEnd() {
    changes(ChangeRate.FREE);
    assertThat(rate.pause()).isZero();
    changes(1);
    assertThat(rate.pause()).isEqualTo(Duration.ofMillis(50));
    changes(ChangeRate.SLOWED - 1);
    assertThat(rate.isExceeded()).isFalse();
    changes(1);
    assertThat(rate.isExceeded()).isTrue();
  }

  @Test
  void letsAPeerChangeItsNamesAsOftenAsAProgramWritesThem() {
    for (int i = 0; i < 100_000; i++) {
      changes(1);
      now += TimeUnit.MILLISECONDS.toNanos(500);
      assertThat(rate.pause()).isZero();
    }
  }

  @Test
  void forgivesWithTime() {
    changes(ChangeRate.FREE + 10);
    assertThat(rate.pause()).isPositive();
    now += TimeUnit.SECONDS.toNanos(10);
    assertThat(rate.pause()).as("until it is counted anew").isPositive();
    changes(1);
    assertThat(rate.pause()).isZero();
  }
}
