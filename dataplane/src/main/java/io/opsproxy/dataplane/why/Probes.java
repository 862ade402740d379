package io.opsproxy.dataplane.why;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attempts to connect that readers of {@code /why} ask for, however many they are: one at a time,
 * at most one a second, 2 s each, and only to what is routed. Who asks while that does not allow
 * another one gets the last answer when it is no older than 10 s, else waits for a turn; who finds
 * {@value #PLACES} names waiting gets no answer.
 *
 * <p>An attempt goes the way of a client's connection, and what it learns of endpoints holds for
 * clients as well.
 */
public final class Probes {
  private static final Logger log = LoggerFactory.getLogger(Probes.class);
  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** A little less, so that the cause is heard and not only that time is over. */
  private static final Duration ENDPOINTS = Duration.ofMillis(1800);

  private static final long STILL_GOOD = TimeUnit.SECONDS.toNanos(10);
  private static final int PLACES = 8;
  private static final int REMEMBERED = 256;

  private record Ended(Optional<ErrorReason> failure, String message, long took, long at) {}

  private final EventExecutor loop;
  private final LongSupplier nanos;

  // on the loop

  private final Deque<Attempt> waiting = new ArrayDeque<>();
  private final Map<String, Ended> last =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Ended> eldest) {
          return size() > REMEMBERED;
        }
      };
  private Attempt running;
  private ScheduledFuture<?> nextTurn;
  private long notBefore;

  /**
   * @param loop that attempts are made on
   */
  public Probes(EventExecutor loop) {
    this(loop, System::nanoTime);
  }

  Probes(EventExecutor loop, LongSupplier nanos) {
    this.loop = loop;
    this.nanos = nanos;
    notBefore = nanos.getAsLong();
  }

  /**
   * Any thread.
   *
   * @param rule the route's name
   * @param done gets the answer, on the loop; empty when there is none
   */
  void ask(String rule, Upstream target, Consumer<Optional<Probe>> done) {
    loop.execute(() -> take(rule, target, done));
  }

  private void take(String rule, Upstream target, Consumer<Optional<Probe>> done) {
    assert loop.inEventLoop();
    Attempt same = underWay(rule);
    if (same != null) {
      same.askers.add(done);
      return;
    }
    long now = nanos.getAsLong();
    boolean free = running == null && waiting.isEmpty() && now - notBefore >= 0;
    Ended before = last.get(rule);
    if (!free && before != null && now - before.at() < STILL_GOOD) {
      tell(done, Optional.of(shown(before)));
    } else if (waiting.size() >= PLACES) {
      tell(done, Optional.ofNullable(before).map(this::shown));
    } else {
      Attempt attempt = new Attempt(rule, target);
      attempt.askers.add(done);
      waiting.add(attempt);
      next();
    }
  }

  private Attempt underWay(String rule) {
    if (running != null && running.rule.equals(rule)) {
      return running;
    }
    return waiting.stream().filter(one -> one.rule.equals(rule)).findFirst().orElse(null);
  }

  private void next() {
    if (running != null || waiting.isEmpty() || nextTurn != null) {
      return;
    }
    long now = nanos.getAsLong();
    long pause = notBefore - now;
    if (pause > 0) {
      nextTurn =
          loop.schedule(
              () -> {
                nextTurn = null;
                next();
              },
              pause,
              TimeUnit.NANOSECONDS);
      return;
    }
    notBefore = now + INTERVAL;
    running = waiting.remove();
    running.start();
  }

  private Probe shown(Ended ended) {
    return new Probe(
        ended.failure(),
        ended.message(),
        Duration.ofNanos(ended.took()),
        Duration.ofNanos(nanos.getAsLong() - ended.at()));
  }

  private static void tell(Consumer<Optional<Probe>> asker, Optional<Probe> answer) {
    try {
      asker.accept(answer);
    } catch (RuntimeException e) {
      log.debug("an answer of /why found nobody", e);
    }
  }

  /** One attempt, and those who wait for it. On the loop. */
  private final class Attempt implements Upstream.Listener {
    private final String rule;
    private final Upstream target;
    private final List<Consumer<Optional<Probe>>> askers = new ArrayList<>(1);
    private ScheduledFuture<?> deadline;
    private Upstream.Attempt connect;
    private long began;
    private boolean over;

    Attempt(String rule, Upstream target) {
      this.rule = rule;
      this.target = target;
    }

    void start() {
      began = nanos.getAsLong();
      deadline = loop.schedule(this::tooLate, LIMIT.toNanos(), TimeUnit.NANOSECONDS);
      try {
        connect = target.connect(loop, Optional.empty(), ENDPOINTS, this);
      } catch (RuntimeException e) {
        log.error("the attempt to connect {} failed unexpectedly", rule, e);
        end(Optional.of(ErrorReason.BACKEND_DIAL_ERROR), e.toString());
      }
    }

    private void tooLate() {
      if (!over) {
        connect.cancel();
        end(Optional.of(ErrorReason.DATA_TIMEOUT), "no answer within " + LIMIT.toSeconds() + " s");
      }
    }

    @Override
    public void connected(Upstream.Connection connection) {
      connection.stream().close();
      connection.released();
      end(Optional.empty(), connection.description());
    }

    @Override
    public void failed(Upstream.Failure failure) {
      end(Optional.of(failure.reason()), failure.message());
    }

    private void end(Optional<ErrorReason> failure, String message) {
      if (over) {
        return;
      }
      over = true;
      deadline.cancel(false);
      long now = nanos.getAsLong();
      Ended ended = new Ended(failure, message, now - began, now);
      last.remove(rule);
      last.put(rule, ended);
      running = null;
      askers.forEach(asker -> tell(asker, Optional.of(shown(ended))));
      next();
    }
  }
}
