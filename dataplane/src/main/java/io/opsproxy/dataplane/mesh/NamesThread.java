package io.opsproxy.dataplane.mesh;

import io.opsproxy.dataplane.mesh.names.NameRegistry;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that builds tables of names: it is there while names change, and ends when idle. */
final class NamesThread implements NameRegistry.Timer, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NamesThread.class);
  private final OnceAMinute complaints = new OnceAMinute(System::nanoTime);
  private final ScheduledThreadPoolExecutor executor;

  NamesThread() {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "names");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
    executor.setKeepAliveTime(10, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  @Override
  public void after(long nanos, Runnable task) {
    executor.schedule(() -> run(task), nanos, TimeUnit.NANOSECONDS);
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      if (complaints.isDue()) {
        log.error("the table of names could not be built; the next change tries again", e);
      }
    }
  }

  /** What waits is not done any more. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
