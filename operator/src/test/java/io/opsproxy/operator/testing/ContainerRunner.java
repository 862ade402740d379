package io.opsproxy.operator.testing;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One container: its process, its probes, its restarts. Used by the thread of its pod, but for
 * {@link #process}.
 *
 * <pre>
 * waiting --> running --> ended --> waiting (CrashLoopBackOff) --> running ...
 * </pre>
 */
final class ContainerRunner {
  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(5);

  private final Container container;
  private final String name;
  private final String address;
  private final Path log;
  private final Duration backOff;
  private final ScheduledExecutorService pod;
  private final Executor blocking;
  private final Supplier<PeerCommand> command;
  private final Runnable changed;

  private volatile LeashedProcess process;
  private ContainerState state = waiting("ContainerCreating", null);
  private ContainerState lastState;
  private String startedAt;
  private boolean ready;
  private boolean started;
  private boolean stopping;
  private int restarts;

  /**
   * @param name for messages
   * @param pod the thread of the pod
   * @param blocking runs what takes time
   * @param command asked at each start
   * @param changed called when the status has changed
   */
  ContainerRunner(
      Container container,
      String name,
      String address,
      Path log,
      Duration backOff,
      ScheduledExecutorService pod,
      Executor blocking,
      Supplier<PeerCommand> command,
      Runnable changed) {
    this.container = container;
    this.name = name;
    this.address = address;
    this.log = log;
    this.backOff = backOff;
    this.pod = pod;
    this.blocking = blocking;
    this.command = command;
    this.changed = changed;
  }

  Container container() {
    return container;
  }

  /** The one that runs or ran last; null before the first start. From any thread. */
  LeashedProcess process() {
    return process;
  }

  /** All that its processes have written. From any thread. */
  String log() {
    LeashedProcess last = process;
    return last == null ? "" : last.log();
  }

  boolean isWaiting() {
    return state.getWaiting() != null;
  }

  void waitFor(String reason, String message) {
    state = waiting(reason, message);
  }

  /** Starts its process, unless one runs or the container is to end. */
  void start() {
    if (stopping || (process != null && process.isAlive())) {
      return;
    }
    PeerCommand next = command.get();
    LeashedProcess begun = LeashedProcess.start(name, log, next.environment(), next.command());
    process = begun;
    startedAt = PodStatuses.now();
    state =
        new ContainerStateBuilder().withNewRunning().withStartedAt(startedAt).endRunning().build();
    started = container.getStartupProbe() == null;
    ready = started && container.getReadinessProbe() == null;
    begun.ended().thenAcceptAsync(code -> ended(begun, code), pod);
    if (started) {
      probe(begun);
    } else {
      ask(container.getStartupProbe(), begun, () -> !started, success -> startup(begun, success));
    }
    changed.run();
  }

  private void startup(LeashedProcess probed, boolean success) {
    if (success) {
      started = true;
      ready = container.getReadinessProbe() == null;
      probe(probed);
      changed.run();
    } else {
      stopForRestart(probed);
    }
  }

  private void probe(LeashedProcess probed) {
    if (container.getReadinessProbe() != null) {
      ask(
          container.getReadinessProbe(),
          probed,
          () -> true,
          success -> {
            if (ready != success) {
              ready = success;
              changed.run();
            }
          });
    }
    if (container.getLivenessProbe() != null) {
      ask(
          container.getLivenessProbe(),
          probed,
          () -> !stopping,
          success -> {
            if (!success) {
              stopForRestart(probed);
            }
          });
    }
  }

  private void ask(
      Probe probe, LeashedProcess probed, Supplier<Boolean> wanted, Consumer<Boolean> report) {
    new ContainerProbe(
            probe,
            container,
            address,
            pod,
            blocking,
            () -> process == probed && probed.isAlive() && wanted.get(),
            report)
        .start();
  }

  private void stopForRestart(LeashedProcess failing) {
    CompletableFuture.runAsync(() -> failing.stop(Duration.ofSeconds(30)), blocking);
  }

  private void ended(LeashedProcess which, int code) {
    if (which != process) {
      return;
    }
    lastState = ContainerTermination.of(code, startedAt);
    state = lastState;
    ready = false;
    started = false;
    changed.run();
    if (stopping) {
      return;
    }
    // The first restart is at once, as kubelet's.
    Duration pause =
        restarts == 0 ? Duration.ZERO : backOff.multipliedBy(1L << Math.min(restarts - 1, 10));
    if (pause.compareTo(LONGEST_BACK_OFF) > 0) {
      pause = LONGEST_BACK_OFF;
    }
    if (!pause.isZero()) {
      state = waiting("CrashLoopBackOff", "back-off " + pause.toMillis() + "ms restarting failed");
      changed.run();
    }
    pod.schedule(this::restart, pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void restart() {
    if (!stopping) {
      restarts++;
      start();
    }
  }

  /** Ends it as kubelet does: preStop, SIGTERM, SIGKILL; completed when its process has ended. */
  CompletableFuture<Void> stop(Duration grace) {
    stopping = true;
    LeashedProcess last = process;
    if (last == null || !last.isAlive()) {
      return CompletableFuture.completedFuture(null);
    }
    return CompletableFuture.runAsync(
        () -> {
          long deadline = System.nanoTime() + grace.toNanos();
          PreStopHook.run(container, last, grace);
          Duration left = Duration.ofNanos(deadline - System.nanoTime());
          // kubelet gives two seconds even where the hook took it all.
          last.stop(left.compareTo(Duration.ofSeconds(2)) < 0 ? Duration.ofSeconds(2) : left);
        },
        blocking);
  }

  /** Ends it now. From any thread. */
  void kill() {
    stopping = true;
    LeashedProcess last = process;
    if (last != null) {
      last.close();
    }
  }

  ContainerStatus status() {
    return new ContainerStatusBuilder()
        .withName(container.getName())
        .withImage(container.getImage())
        .withImageID(isWaiting() && process == null ? "" : "test://" + container.getImage())
        .withContainerID(process == null ? null : "test://" + process.pid())
        .withState(state)
        .withLastState(state.getTerminated() == null ? lastState : null)
        .withReady(ready)
        .withStarted(started)
        .withRestartCount(restarts)
        .build();
  }

  private static ContainerState waiting(String reason, String message) {
    return new ContainerStateBuilder()
        .withNewWaiting()
        .withReason(reason)
        .withMessage(message)
        .endWaiting()
        .build();
  }
}
