package io.opsproxy.dataplane.mesh.v2;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;

/** Tasks for loops that may have ended, which has closed their streams. */
final class OnLoop {
  private OnLoop() {}

  /** Runs the task there, in another turn; or never, when the loop is no more. Any thread. */
  static void run(EventExecutor loop, Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      assert loop.isShuttingDown();
    }
  }
}
