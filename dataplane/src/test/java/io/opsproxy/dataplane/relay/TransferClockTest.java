package io.opsproxy.dataplane.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransferClockTest {
  private static final long LIMIT = TimeUnit.SECONDS.toNanos(10);
  private final EventExecutor loop = new DefaultEventExecutor();
  private final AtomicLong now = new AtomicLong();
  private final TransferClock clock = new TransferClock(loop, now::get);
  private final List<String> expired = new ArrayList<>();

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private final class Watched extends TransferClock.Entry {
    private final String name;
    private final boolean faulty;
    private long total;

    Watched(String name, boolean faulty) {
      this.name = name;
      this.faulty = faulty;
    }

    @Override
    long total() {
      return total;
    }

    @Override
    long limitNanos() {
      return LIMIT;
    }

    @Override
    void report() {}

    @Override
    void expire() {
      if (faulty) {
        throw new IllegalStateException("a fault of this one");
      }
      clock.remove(this);
      expired.add(name);
    }
  }

  private void on(Runnable task) throws Exception {
    loop.submit(task).get(10, TimeUnit.SECONDS);
  }

  @Test
  void theFaultOfOneIsNotThatOfTheOthers() throws Exception {
    on(
        () -> {
          clock.add(new Watched("faulty", true));
          clock.add(new Watched("good", false));
          now.set(LIMIT);
          clock.tick();
        });
    assertThat(expired).containsExactly("good");
    on(
        () -> {
          clock.add(new Watched("later", false));
          now.addAndGet(LIMIT);
          clock.tick();
        });
    assertThat(expired).containsExactly("good", "later");
  }

  @Test
  void whatMovesDoesNotExpire() throws Exception {
    Watched moving = new Watched("moving", false);
    on(
        () -> {
          clock.add(moving);
          now.set(LIMIT - 1);
          moving.total++;
          clock.tick();
          now.addAndGet(LIMIT - 1);
          clock.tick();
        });
    assertThat(expired).isEmpty();
    on(
        () -> {
          now.addAndGet(1);
          clock.tick();
        });
    assertThat(expired).containsExactly("moving");
  }
}
