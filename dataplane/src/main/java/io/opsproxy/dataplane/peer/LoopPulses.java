package io.opsproxy.dataplane.peer;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Signs of life of all event loops. Each loop owes one every {@link #INTERVAL}: a task that it
 * schedules for itself, so that there is never more than one of them however often somebody asks.
 * Whoever asks reads when the next one is due. Any thread.
 */
final class LoopPulses {
  /** Between two signs of life of one loop. */
  static final Duration INTERVAL = Duration.ofMillis(500);

  /** A loop that is this late is stuck. */
  static final Duration STUCK = Duration.ofSeconds(2);

  private static final double NANOS = 1e9;

  private final Metrics metrics;
  private final LongSupplier nanos;
  private final List<Pulse> pulses = new CopyOnWriteArrayList<>();

  LoopPulses(Metrics metrics) {
    this(metrics, System::nanoTime);
  }

  LoopPulses(Metrics metrics, LongSupplier nanos) {
    this.metrics = metrics;
    this.nanos = nanos;
  }

  /** Watches loops from now until they end; they are named {@code GROUP-1} and so on. */
  void watch(String group, List<? extends EventExecutor> loops) {
    int number = 0;
    for (EventExecutor loop : loops) {
      number++;
      Pulse pulse = new Pulse(loops.size() == 1 ? group : group + "-" + number, loop);
      pulses.add(pulse);
      metrics.bind(Metric.EVENT_LOOP_LAG, pulse::lagSeconds, pulse.name);
      loop.execute(pulse);
    }
  }

  /** What is wrong, in a sentence; empty while all loops go round. */
  Optional<String> stuck() {
    return pulses.stream()
        .filter(pulse -> pulse.late() >= STUCK.toNanos())
        .map(
            pulse ->
                String.format(
                    Locale.ROOT,
                    "event loop %s has given no sign of life for %.1f s",
                    pulse.name,
                    pulse.late() / NANOS))
        .findFirst();
  }

  private final class Pulse implements Runnable {
    private final String name;
    private final EventExecutor loop;
    private volatile long due;
    private volatile long lag;

    Pulse(String name, EventExecutor loop) {
      this.name = name;
      this.loop = loop;
      due = nanos.getAsLong();
    }

    @Override
    public void run() {
      lag = Math.max(0, late());
      due = nanos.getAsLong() + INTERVAL.toNanos();
      loop.schedule(this, INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** How long it has been due; less than zero before. A loop that was ended owes nothing. */
    long late() {
      return loop.isShuttingDown() ? 0 : nanos.getAsLong() - due;
    }

    double lagSeconds() {
      return Math.max(lag, late()) / NANOS;
    }
  }
}
