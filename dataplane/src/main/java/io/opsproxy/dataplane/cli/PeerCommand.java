package io.opsproxy.dataplane.cli;

import io.opsproxy.dataplane.config.ConfigLoader;
import io.opsproxy.dataplane.config.ConfigWatcher;
import io.opsproxy.dataplane.config.LoadResult;
import io.opsproxy.dataplane.peer.Logging;
import io.opsproxy.dataplane.peer.Peer;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code ops-proxy peer}: runs a peer until SIGTERM or SIGINT, reloads on change of its file and on
 * SIGHUP.
 */
@Command(
    name = "peer",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Runs a peer. SIGTERM drains it; SIGHUP and a change of the file reload the configuration.")
final class PeerCommand implements Callable<Integer> {
  /** Not an exit code: the peer runs, and the process goes on. */
  static final int RUNNING = -1;

  @Mixin private PeerOptions options;

  @Override
  public Integer call() {
    return run(options.loader());
  }

  static int run(ConfigLoader loader) {
    LoadResult loaded = loader.load();
    if (loaded.config().isEmpty()) {
      loaded.problems().forEach(System.err::println);
      System.err.println("the configuration is not valid; nothing was started");
      return 1;
    }
    Peer peer;
    try {
      peer = new Peer(loaded, Peer.Identity.of(System.getenv(), Version.current()));
    } catch (IOException e) {
      Logging.flush();
      System.err.println("error: " + e.getMessage());
      return 1;
    }
    ConfigWatcher watcher = new ConfigWatcher(loader, loaded, peer::reload);
    watcher.start();
    Signals.on("HUP", watcher::trigger);
    AtomicBoolean told = new AtomicBoolean();
    Runnable stop =
        () -> {
          if (!told.compareAndSet(false, true)) {
            // told twice: whoever asks does not want to wait
            Runtime.getRuntime().halt(1);
          }
          Thread drain =
              new Thread(
                  () -> {
                    watcher.close();
                    peer.drain();
                    Logging.flush();
                    Runtime.getRuntime().halt(0);
                  },
                  "drain");
          drain.start();
        };
    Signals.on("TERM", stop);
    Signals.on("INT", stop);
    keepRunning();
    return RUNNING;
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
