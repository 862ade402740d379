package io.opsproxy.dataplane.mesh.v2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many data connections are parked follows how many streams are opened. */
class PoolSizeTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private final PoolSize size = new PoolSize(0);

  private void open(int count, long now) {
    for (int i = 0; i < count; i++) {
      size.opened(now);
    }
  }

  @Test
  void isSmallAtRest() {
    assertThat(size.target(0)).isEqualTo(PoolSize.LEAST);
    assertThat(size.target(100 * SECOND)).isEqualTo(PoolSize.LEAST);
  }

  @Test
  void growsWithinABurst() {
    open(200, 10);
    assertThat(size.target(10)).isEqualTo(60);
  }

  @Test
  void isBounded() {
    open(100_000, 10);
    assertThat(size.target(10)).isEqualTo(PoolSize.MOST);
  }

  @Test
  void shrinksWhenItIsQuietAgain() {
    open(400, 10);
    int busy = size.target(10);
    int last = busy;
    for (int second = 1; second < 20; second++) {
      last = size.target(second * SECOND + 20);
    }
    assertThat(last).isEqualTo(PoolSize.LEAST).isLessThan(busy);
  }
}
