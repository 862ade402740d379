package io.opsproxy.dataplane.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.opsproxy.dataplane.relay.ChannelRelay;
import io.opsproxy.dataplane.telemetry.Metrics;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LoopPulsesTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private final AtomicLong now = new AtomicLong();
  private final Metrics metrics = new Metrics("mesh", "n1", "p1", "1");
  private final LoopPulses pulses = new LoopPulses(metrics, now::get);
  private final ChannelRelay relay = new ChannelRelay(2);
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void end() {
    release.countDown();
    relay.close();
  }

  /** Blocks a loop until the end of the test; returns when it is blocked. */
  private void block(EventExecutor loop) throws InterruptedException {
    CountDownLatch blocked = new CountDownLatch(1);
    loop.execute(
        () -> {
          blocked.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    blocked.await();
  }

  private String lag(String loop) {
    return metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith("ops_proxy_event_loop_lag_seconds{"))
        .filter(line -> line.contains("loop=\"" + loop + "\""))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .findFirst()
        .orElse("none");
  }

  @Test
  void aLoopThatIsBlockedIsNamed() throws InterruptedException {
    pulses.watch("relay", relay.loops());
    assertThat(pulses.stuck()).isEmpty();
    block(relay.loops().get(1));
    now.addAndGet(LoopPulses.INTERVAL.plus(LoopPulses.STUCK).minusMillis(1).toNanos());
    // the other one comes round by itself
    await().atMost(DEADLINE).until(() -> pulses.stuck().isEmpty());
    now.addAndGet(Duration.ofMillis(501).toNanos());
    await()
        .atMost(DEADLINE)
        .until(() -> pulses.stuck().orElse("").startsWith("event loop relay-2 has given no sign"));
    assertThat(Double.parseDouble(lag("relay-2"))).isGreaterThan(2);
    release.countDown();
    await().atMost(DEADLINE).until(() -> pulses.stuck().isEmpty());
  }

  @Test
  void askingOftenAddsNoTasks() throws InterruptedException {
    pulses.watch("relay", relay.loops());
    EventExecutor loop = relay.loops().get(0);
    block(loop);
    for (int i = 0; i < 10_000; i++) {
      pulses.stuck();
    }
    assertThat(((SingleThreadEventExecutor) loop).pendingTasks()).isLessThan(3);
  }

  @Test
  void aLoopThatHasEndedOwesNothing() {
    pulses.watch("relay", relay.loops());
    relay.close();
    now.addAndGet(Duration.ofMinutes(1).toNanos());
    assertThat(pulses.stuck()).isEmpty();
  }
}
