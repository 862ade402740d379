package io.opsproxy.dataplane.relay;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exceptions that end one connection and no more, and that no peer or client can cause by what it
 * sends: each kind is logged once, with its trace, so that a fault of this program is neither
 * hidden nor able to fill the log. Any thread.
 */
public final class Unexpected {
  private static final Logger log = LoggerFactory.getLogger(Unexpected.class);
  private static final int MOST_KINDS = 100;
  private static final Set<String> KNOWN = ConcurrentHashMap.newKeySet();

  private Unexpected() {}

  /** Does nothing for the exceptions of sockets, which are told to those that they concern. */
  public static void logOnce(Throwable cause) {
    if (cause instanceof IOException || KNOWN.size() >= MOST_KINDS) {
      return;
    }
    StackTraceElement[] trace = cause.getStackTrace();
    if (KNOWN.add(cause.getClass().getName() + (trace.length > 0 ? trace[0] : ""))) {
      log.error("a connection was ended by an unexpected exception; logged once", cause);
    }
  }
}
