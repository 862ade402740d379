package io.opsproxy.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NudgeTest {
  private final AtomicLong now = new AtomicLong();
  private final Nudge nudge = new Nudge(now::get);

  private String after(long millis, String running, String annotation) {
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    return nudge.due("new", running, false, annotation);
  }

  @Test
  void aPodThatLagsIsToldAgainWithGrowingPauses() {
    assertThat(after(0, "old", "old")).isEqualTo("new");
    assertThat(after(500, "old", "new")).isEmpty();
    assertThat(after(500, "old", "new")).isEqualTo("new#2");
    assertThat(after(1_999, "old", "new#2")).isEmpty();
    assertThat(after(1, "old", "new#2")).isEqualTo("new#3");
    assertThat(after(100, "new", "new#3")).isEmpty();
  }

  @Test
  void nothingIsWrittenAfterARestartToAPodThatWasTold() {
    assertThat(after(0, "", "new#2")).isEmpty();
    assertThat(after(100, "new", "new#2")).isEmpty();
    assertThat(after(60_000, "new", "new#2")).isEmpty();
  }

  @Test
  void aPodThatStartedWithTheConfigurationGetsTheAnnotationOnce() {
    assertThat(after(0, "new", "")).isEqualTo("new");
    assertThat(after(100, "new", "new")).isEmpty();
  }

  @Test
  void aPodThatRefusesIsToldAFewTimesAndThenLeftAlone() {
    String annotation = "";
    int told = 0;
    for (int second = 0; second < 600; second++) {
      String due = nudge.due("b", "a", true, annotation);
      if (!due.isEmpty()) {
        annotation = due;
        told++;
      }
      now.addAndGet(TimeUnit.SECONDS.toNanos(1));
    }
    assertThat(told).isEqualTo(5);
    // Another configuration is news again.
    assertThat(nudge.due("c", "a", true, annotation)).isEqualTo("c");
  }
}
