package io.opsproxy.dataplane.config.load;

import io.opsproxy.dataplane.config.problem.Problem;
import io.opsproxy.dataplane.config.read.FileSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the files of the configuration and hands each new content, read and checked, to a
 * listener within a second. It polls: the file notifications of the system miss link swaps above
 * the file and say nothing at all on network file systems. The listener is called on the watcher's
 * own thread, one call at a time, and once for each state of the files, good or bad.
 */
public final class ConfigWatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigWatcher.class);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
  private static final long CLOSE_WAIT_MILLIS = 5_000;

  private final ConfigLoader loader;
  private final Consumer<LoadResult> listener;
  private final long pollNanos;
  private final Semaphore wakeUps = new Semaphore(0);
  private final Thread thread = new Thread(this::run, "config-watcher");
  private volatile boolean closed;

  // Those that make up the configuration; a reload may name others. Watcher thread.
  private List<Path> files;
  private List<Path> named;
  private ChangeDetector detector = new ChangeDetector(FileStates.UNKNOWN);

  // Of the last state that the listener was told, or that the peer started with. Watcher thread.
  private String reportedHash;
  private String reportedNamedHash;
  private List<Problem> reportedErrors = List.of();

  /**
   * @param loader reads the file
   * @param inForce what the peer started with; a change since then is reported too
   * @param listener told of each change; what it throws is logged
   */
  public ConfigWatcher(ConfigLoader loader, LoadResult inForce, Consumer<LoadResult> listener) {
    this(loader, inForce, listener, POLL_INTERVAL);
  }

  /**
   * @param pollInterval pause between two looks at the file; a change is reported after two to four
   *     of them
   */
  public ConfigWatcher(
      ConfigLoader loader,
      LoadResult inForce,
      Consumer<LoadResult> listener,
      Duration pollInterval) {
    this.loader = loader;
    this.listener = listener;
    this.files = inForce.files();
    this.named = inForce.named();
    this.reportedHash = inForce.hash();
    this.reportedNamedHash = inForce.namedHash();
    this.pollNanos = pollInterval.toNanos();
    thread.setDaemon(true);
  }

  /** Begins to watch; once. */
  public void start() {
    thread.start();
  }

  /** Reads the file now and tells the listener even if nothing has changed (SIGHUP). */
  public void trigger() {
    wakeUps.release();
  }

  /** Ends the watch; a call of the listener that is under way is waited for. */
  @Override
  public void close() {
    closed = true;
    wakeUps.release();
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join(CLOSE_WAIT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    follow();
    while (!closed) {
      try {
        boolean triggered = wakeUps.tryAcquire(pollNanos, TimeUnit.NANOSECONDS);
        if (closed) {
          return;
        }
        if (triggered) {
          wakeUps.drainPermits();
          reload(true);
        } else if (followsAny() && detector.look(states())) {
          reload(false);
        }
      } catch (InterruptedException e) {
        // Nobody but close() ends this thread.
        LOG.debug("interrupted", e);
      }
    }
  }

  /**
   * Begins to look at the files anew, from the content that the peer runs. The states are taken
   * before the content, so that a change between the two is seen as one.
   */
  private void follow() {
    FileStates now = states();
    boolean inForce =
        FileSet.hashOf(files).equals(reportedHash)
            && (named.isEmpty() || FileSet.hashOf(named).equals(reportedNamedHash));
    detector = new ChangeDetector(inForce ? now : FileStates.UNKNOWN);
  }

  private boolean followsAny() {
    return !files.isEmpty() || !named.isEmpty();
  }

  private FileStates states() {
    List<Path> all = files;
    if (!named.isEmpty()) {
      all = new ArrayList<>(files);
      all.addAll(named);
    }
    return FileStates.of(all, System.currentTimeMillis());
  }

  private void reload(boolean evenIfSame) {
    try {
      LoadResult result = loader.loadForReload();
      boolean others = !result.files().equals(files) || !result.named().equals(named);
      files = result.files();
      named = result.named();
      List<Problem> errors = errors(result);
      boolean same =
          result.hash().equals(reportedHash)
              && result.namedHash().equals(reportedNamedHash)
              && errors.equals(reportedErrors);
      reportedHash = result.hash();
      reportedNamedHash = result.namedHash();
      reportedErrors = errors;
      if (others) {
        follow();
      }
      if (!same || evenIfSame) {
        listener.accept(result);
      }
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (Throwable e) {
      // Whatever goes wrong with one configuration, the next one must still be seen. The listener
      // reports by itself what goes wrong with putting it in force.
      LOG.error("{}: the configuration could not be put in force", loader.file().orElse(null), e);
    }
  }

  private static List<Problem> errors(LoadResult result) {
    return result.problems().stream()
        .filter(problem -> problem.severity() == Problem.Severity.ERROR)
        .toList();
  }
}
