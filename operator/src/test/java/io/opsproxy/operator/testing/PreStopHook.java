package io.opsproxy.operator.testing;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What a container wants before SIGTERM: a sleep, or a command. */
final class PreStopHook {
  private PreStopHook() {}

  /** Returns when the hook is done, its time is over, or the process has ended. */
  static void run(Container container, LeashedProcess process, Duration atMost) {
    LifecycleHandler hook =
        container.getLifecycle() == null ? null : container.getLifecycle().getPreStop();
    if (hook == null) {
      return;
    }
    if (hook.getSleep() != null) {
      Duration sleep = Duration.ofSeconds(hook.getSleep().getSeconds());
      process.awaitEnd(sleep.compareTo(atMost) < 0 ? sleep : atMost);
    } else if (hook.getExec() != null) {
      exec(hook, atMost);
    } else {
      throw new IllegalArgumentException("preStop: the test kubelet knows sleep and exec only");
    }
  }

  private static void exec(LifecycleHandler hook, Duration atMost) {
    try {
      Process command =
          new ProcessBuilder(hook.getExec().getCommand())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!command.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        command.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
