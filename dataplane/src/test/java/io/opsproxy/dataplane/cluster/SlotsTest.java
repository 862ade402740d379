package io.opsproxy.dataplane.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SlotsTest {
  @Test
  void noMoreThanThereAreAreTaken() {
    Slots slots = new Slots("max_connections", 2);
    assertThat(slots.take()).isTrue();
    assertThat(slots.take()).isTrue();
    assertThat(slots.take()).isFalse();
    assertThat(slots.take()).isFalse();
    assertThat(slots.refused()).isEqualTo(2);
    slots.giveBack();
    assertThat(slots.take()).isTrue();
    assertThat(slots.taken()).isEqualTo(2);
    assertThat(slots.reached()).isEqualTo("circuit breaker: max_connections 2 is reached");
  }

  @Test
  void noneIsABoundAsWell() {
    assertThat(new Slots("max_retries", 0).take()).isFalse();
  }

  @Test
  void withoutABoundNothingIsCounted() {
    Slots slots = new Slots("max_connections", Integer.MAX_VALUE);
    assertThat(slots.take()).isTrue();
    slots.giveBack();
    slots.giveBack();
    assertThat(slots.taken()).isZero();
  }
}
