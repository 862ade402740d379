package io.opsproxy.operator.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WritePaceTest {
  private final AtomicLong now = new AtomicLong();
  private final WritePace pace = new WritePace(now::get);

  @Test
  void theFirstWriteIsAtOnceAndAMinuteOfChangesIsFewerThanFortyWrites() {
    assertThat(pace.waitNanos()).isZero();
    int writes = 0;
    for (; now.get() < 60_000_000_000L; now.addAndGet(10_000_000)) {
      if (pace.waitNanos() == 0) {
        pace.write();
        writes++;
      }
    }
    assertThat(writes).isBetween(20, 39);
  }

  @Test
  void afterAQuietTimeAWriteIsAtOnceAgain() {
    for (int i = 0; i < 5; i++) {
      now.addAndGet(pace.waitNanos());
      pace.write();
    }
    now.addAndGet(10_000_000_000L);
    assertThat(pace.waitNanos()).isZero();
    pace.write();
    assertThat(pace.waitNanos()).isEqualTo(250_000_000L);
  }
}
