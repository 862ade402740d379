package io.opsproxy.dataplane.cli;

import io.opsproxy.dataplane.config.load.ConfigLoader;
import io.opsproxy.dataplane.config.load.ConfigWatcher;
import io.opsproxy.dataplane.config.load.LoadResult;
import io.opsproxy.dataplane.peer.Identity;
import io.opsproxy.dataplane.peer.Logging;
import io.opsproxy.dataplane.peer.Peer;
import java.io.IOException;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A peer as what this process is: from its configuration to the signal that ends it. */
final class PeerProgram {
  /** Not an exit code: the peer runs, and the process goes on. */
  static final int RUNNING = -1;

  private static final Logger log = LoggerFactory.getLogger(PeerProgram.class);

  private PeerProgram() {}

  /**
   * Starts it.
   *
   * @param untilEof whether the end of standard input ends it
   * @return {@link #RUNNING}, or the exit code when there is nothing to run
   */
  static int run(ConfigLoader loader, boolean untilEof) {
    LoadResult loaded = loader.load();
    if (loaded.config().isEmpty()) {
      loaded.problems().forEach(System.err::println);
      System.err.println("the configuration is not valid; nothing was started");
      return 1;
    }
    RunningPeer running = new RunningPeer();
    // before anybody can find the peer ready: a signal that has no handler yet kills the process
    boolean hangUps = Signals.on("HUP", running::reload);
    Signals.on("USR1", running::reopenLogs);
    Signals.on("TERM", running::stop);
    Signals.on("INT", running::stop);
    try {
      Peer peer = new Peer(loaded, Identity.of(System.getenv(), Version.current()));
      ConfigWatcher watcher = new ConfigWatcher(loader, loaded, peer::reload);
      watcher.start();
      running.started(peer, watcher);
      if (untilEof) {
        awaitEof(running);
      }
      if (!hangUps) {
        log.info(
            "SIGHUP does nothing here, because this process was started with it ignored, as nohup"
                + " does; a change of the configuration file is followed all the same");
      }
    } catch (IOException e) {
      Logging.flush();
      System.err.println("error: " + e.getMessage());
      return 1;
    }
    keepRunning();
    return RUNNING;
  }

  private static void awaitEof(RunningPeer running) {
    Thread reader =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                // It is as good as ended.
              }
              running.inputEnded();
            },
            "standard-input");
    reader.setDaemon(true);
    reader.start();
  }

  /** All threads of a peer are daemons; this one keeps the process until a signal ends it. */
  private static void keepRunning() {
    Thread keeper =
        new Thread(
            () -> {
              Object nothing = new Object();
              synchronized (nothing) {
                while (true) {
                  try {
                    nothing.wait();
                  } catch (InterruptedException e) {
                    return;
                  }
                }
              }
            },
            "main-keeper");
    keeper.start();
  }
}
