package io.opsproxy.dataplane.mesh.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StandingTest {
  private long now = 1;
  private final Standing standing = new Standing(() -> now);

  private void seconds(long seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void aTimeOutIsForgottenWithTheNextSignOfLife() {
    standing.timedOut();
    assertThat(standing.isDoubted()).isTrue();
    seconds(100);
    assertThat(standing.isDoubted()).as("time alone is no sign of life").isTrue();
    standing.heard();
    assertThat(standing.isDoubted()).isFalse();
  }

  @Test
  void furtherOnesInARowTakeLongerEachTime() {
    standing.timedOut();
    standing.heard();
    for (int pause : new int[] {10, 20, 40, 80, 160, 320, 320}) {
      standing.timedOut();
      seconds(pause - 1);
      standing.heard();
      assertThat(standing.isDoubted()).as("within %d s", pause).isTrue();
      seconds(1);
      standing.heard();
      assertThat(standing.isDoubted()).as("after %d s", pause).isFalse();
    }
  }

  @Test
  void anAnswerEndsTheRow() {
    standing.timedOut();
    standing.timedOut();
    standing.answered();
    assertThat(standing.isDoubted()).isFalse();
    standing.timedOut();
    standing.heard();
    assertThat(standing.isDoubted()).isFalse();
  }

  @Test
  void aPeerThatCannotBringStreamsIsNotAskedAgainAtItsNextHeartbeat() {
    standing.cannotBring();
    standing.heard();
    assertThat(standing.isDoubted()).isTrue();
    seconds(10);
    standing.heard();
    assertThat(standing.isDoubted()).isFalse();
  }
}
