package io.opsproxy.dataplane.cli;

import io.opsproxy.dataplane.config.load.ConfigWatcher;
import io.opsproxy.dataplane.peer.Logging;
import io.opsproxy.dataplane.peer.Peer;

/** What signals do to the peer of this process, from before it has started. Any thread. */
final class RunningPeer {
  private Peer peer;
  private ConfigWatcher watcher;
  private boolean reloadAsked;
  private boolean stopAsked;

  /** The peer serves. What was asked of it meanwhile is done now. */
  synchronized void started(Peer newPeer, ConfigWatcher newWatcher) {
    peer = newPeer;
    watcher = newWatcher;
    if (stopAsked) {
      drain();
    } else if (reloadAsked) {
      watcher.trigger();
    }
  }

  synchronized void reload() {
    reloadAsked = true;
    if (watcher != null) {
      watcher.trigger();
    }
  }

  /** Log files were rotated. */
  synchronized void reopenLogs() {
    if (peer != null) {
      peer.reopenAccessLogs();
    }
  }

  /**
   * Drains and ends the process with 0; asked a second time it ends at once, with 1: who asks does
   * not want to wait.
   */
  synchronized void stop() {
    if (stopAsked) {
      Runtime.getRuntime().halt(1);
    }
    stopAsked = true;
    if (peer != null) {
      drain();
    }
  }

  /** Drains and ends the process with 0, unless it does so already. */
  synchronized void inputEnded() {
    if (!stopAsked) {
      stop();
    }
  }

  private void drain() {
    Peer draining = peer;
    ConfigWatcher closing = watcher;
    Thread thread =
        new Thread(
            () -> {
              closing.close();
              draining.drain();
              Logging.flush();
              Runtime.getRuntime().halt(0);
            },
            "drain");
    thread.start();
  }
}
