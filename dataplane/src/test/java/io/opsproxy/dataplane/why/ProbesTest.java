package io.opsproxy.dataplane.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.DefaultEventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.cluster.ClientAddress;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever asks, and however often: the clock, which only the test moves, allows what is tried. */
final class ProbesTest {
  private final EventExecutor loop = new DefaultEventLoop();
  private final AtomicLong nanos = new AtomicLong();
  private final Probes probes = new Probes(loop, nanos::get);
  private final Target target = new Target();
  private final List<Optional<Probe>> answers = new CopyOnWriteArrayList<>();

  /** Remembers who waits for it. */
  private static final class Target implements Upstream {
    private final List<Listener> asked = new CopyOnWriteArrayList<>();

    @Override
    public NameMetrics metrics() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Attempt connect(EventExecutor loop, Optional<ClientAddress> client, Listener listener) {
      asked.add(listener);
      return () -> {};
    }
  }

  @AfterEach
  void end() {
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  private void ask(String name) {
    probes.ask(name, target, answers::add);
  }

  private void fail(int attempt) {
    loop.execute(
        () ->
            target
                .asked
                .get(attempt)
                .failed(new Upstream.Failure(ErrorReason.BACKEND_DIAL_ERROR, "refused")));
  }

  private static void awaitSize(List<?> list, int size) {
    await().atMost(Duration.ofSeconds(20)).until(() -> list.size() == size);
  }

  private void settle() {
    assertThat(loop.submit(() -> {}).awaitUninterruptibly(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void allWhoAskForOneNameShareOneAttempt() {
    for (int i = 0; i < 50; i++) {
      ask("a");
    }
    awaitSize(target.asked, 1);
    fail(0);
    awaitSize(answers, 50);
    assertThat(target.asked).hasSize(1);
    assertThat(answers.get(0).orElseThrow().message()).isEqualTo("refused");
  }

  @Test
  void withinASecondTheLastAnswerComesAgainWithItsAge() {
    ask("a");
    awaitSize(target.asked, 1);
    fail(0);
    awaitSize(answers, 1);
    nanos.set(TimeUnit.MILLISECONDS.toNanos(900));
    ask("a");
    awaitSize(answers, 2);
    assertThat(answers.get(1).orElseThrow().age()).isEqualTo(Duration.ofMillis(900));
    assertThat(target.asked).hasSize(1);
    nanos.set(TimeUnit.SECONDS.toNanos(1));
    ask("a");
    awaitSize(target.asked, 2);
  }

  @Test
  void oneAtATimeAndTheRestWaitsForItsTurnOrIsToldThatThereIsNone() {
    for (int i = 0; i < 12; i++) {
      ask("name-" + i);
    }
    settle();
    assertThat(target.asked).hasSize(1);
    // one is tried, eight wait, three are told at once
    assertThat(answers).hasSize(3).allMatch(Optional::isEmpty);
    nanos.set(TimeUnit.SECONDS.toNanos(1));
    fail(0);
    awaitSize(target.asked, 2);
    settle();
    assertThat(target.asked).hasSize(2);
    assertThat(answers).hasSize(4);
  }
}
