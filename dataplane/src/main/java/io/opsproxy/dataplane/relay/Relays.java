package io.opsproxy.dataplane.relay;

import io.netty.channel.epoll.Epoll;
import io.opsproxy.dataplane.config.model.ProxySettings.RelayChoice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the relay of this process, once. */
public final class Relays {
  private static final Logger log = LoggerFactory.getLogger(Relays.class);

  private final boolean kernel;
  private final String description;
  private final Bounds bounds;

  private Relays(boolean kernel, String description, Bounds bounds) {
    this.kernel = kernel;
    this.description = description;
    this.bounds = bounds;
  }

  /** Decides, and loads what it takes. */
  public static Relays choose(RelayChoice choice) {
    Bounds bounds = Bounds.ofThisProcess();
    if (choice == RelayChoice.CHANNEL) {
      return new Relays(false, "channel relay on NIO (proxy.relay)", bounds);
    }
    String problem = problem();
    if (problem == null) {
      PipeSize.prepare();
      return new Relays(true, "kernel relay on epoll", bounds);
    }
    if (choice == RelayChoice.KERNEL) {
      log.warn("proxy.relay is kernel, and that cannot run here: {}", problem);
    }
    return new Relays(false, "channel relay on NIO (no kernel relay: " + problem + ")", bounds);
  }

  /** Why the kernel relay cannot run here; null when it can. */
  private static String problem() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return "it is for Linux";
    }
    try {
      if (Epoll.isAvailable()) {
        return null;
      }
      Throwable cause = Epoll.unavailabilityCause();
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return "its library does not load: " + cause.getMessage();
    } catch (LinkageError e) {
      return "its library is not there: " + e.getMessage();
    }
  }

  /**
   * A relay of that kind; all of them share the bounds of this process.
   *
   * @param threads event loops, at least 1
   * @param name what its threads are called
   */
  public Relay open(int threads, String name) {
    return kernel
        ? new KernelRelay(threads, name, bounds)
        : new ChannelRelay(threads, name, bounds);
  }

  /** Which relay runs and why, for the log. */
  public String description() {
    return description;
  }
}
