package io.opsproxy.dataplane.mesh.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration CAP = Duration.ofSeconds(5);

  /** Draws the largest value that was asked for. */
  private static final class Largest implements RandomGenerator {
    @Override
    public long nextLong() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long nextLong(long bound) {
      return bound - 1;
    }
  }

  @Test
  void boundsDoubleFrom200MillisecondsUpToTheCap() {
    Backoff backoff = new Backoff(new Largest());
    long[] bounds = {200, 400, 800, 1600, 3200, 5000, 5000};
    for (long bound : bounds) {
      assertThat(backoff.nextNanos(CAP)).isEqualTo(Duration.ofMillis(bound).toNanos());
    }
    backoff.reset();
    assertThat(backoff.nextNanos(CAP)).isEqualTo(Duration.ofMillis(200).toNanos());
  }

  @Test
  void staysWithinTheCapForEver() {
    Backoff backoff = new Backoff(new Largest());
    for (int i = 0; i < 10_000; i++) {
      assertThat(backoff.nextNanos(Duration.ofDays(366))).isPositive();
      assertThat(backoff.nextNanos(CAP)).isBetween(1L, CAP.toNanos());
    }
  }

  @Test
  void drawsFromTheWholeRange() {
    long low = 0;
    long high = 0;
    SplittableRandom random = new SplittableRandom(42);
    for (int i = 0; i < 1000; i++) {
      long pause = new Backoff(random).nextNanos(CAP);
      assertThat(pause).isBetween(0L, Duration.ofMillis(200).toNanos());
      low += pause < Duration.ofMillis(50).toNanos() ? 1 : 0;
      high += pause > Duration.ofMillis(150).toNanos() ? 1 : 0;
    }
    assertThat(low).isBetween(200L, 300L);
    assertThat(high).isBetween(200L, 300L);
  }
}
