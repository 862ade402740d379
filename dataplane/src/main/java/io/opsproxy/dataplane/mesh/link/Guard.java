package io.opsproxy.dataplane.mesh.link;

import io.opsproxy.dataplane.relay.Unexpected;
import java.util.function.Consumer;

/**
 * Runs what an executor runs later: that would keep an exception to itself, and run the task no
 * more. It is logged, and whoever the task was for is told.
 */
final class Guard {
  private Guard() {}

  /**
   * @param failed gets the exception
   */
  static Runnable of(Runnable task, Consumer<Throwable> failed) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | AssertionError e) {
        Unexpected.logOnce(e);
        failed.accept(e);
      }
    };
  }
}
