package io.opsproxy.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Two never lead at once, whatever their clocks say. */
final class LeaseClockTest {
  private long nanos = Long.MAX_VALUE - 1_000;
  private final LeaseClock clock = new LeaseClock(() -> nanos);

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  @Test
  void aLeaseIsFreeWhenItWasNotSeenToChangeForItsWholeTime() {
    clock.saw("1");
    assertThat(clock.untilFree()).isEqualTo(LeaseClock.LEASE);
    pass(LeaseClock.LEASE.minusSeconds(1));
    clock.saw("1");
    assertThat(clock.untilFree()).isEqualTo(Duration.ofSeconds(1));
    clock.saw("2");
    assertThat(clock.untilFree()).isEqualTo(LeaseClock.LEASE);
    pass(LeaseClock.LEASE);
    assertThat(clock.untilFree()).isZero();
  }

  @Test
  void whoCannotRenewStopsBeforeAnybodyElseMayBegin() {
    LeaseClock other = new LeaseClock(() -> nanos);
    long sent = nanos;
    pass(Duration.ofSeconds(2));
    clock.renewed("7", sent);
    // The other one may see it at once, though not before it was sent.
    other.saw("7");
    pass(LeaseClock.DEADLINE.minusSeconds(2).minusNanos(1));
    assertThat(clock.lost()).isFalse();
    pass(Duration.ofNanos(1));
    assertThat(clock.lost()).isTrue();
    assertThat(other.untilFree()).isPositive();
  }
}
