package io.opsproxy.dataplane.config.model;

import java.time.Duration;

/**
 * The {@code proxy:} section: time limits of proxied connections.
 *
 * @param dialTimeout limit of one attempt to connect to a backend (default 30 s)
 * @param readTimeout absolute time after accept by which a client has said what it wants (default
 *     30 s)
 * @param idleTimeout a relay over which no byte passed for this long is closed (default 1 h)
 * @param halfClosedTimeout a relay of which one side has ended is closed after this long without a
 *     byte (default 5 min)
 * @param threads event loops; 0 means one for each processor
 * @param relay what moves the bytes (default {@link RelayChoice#AUTO})
 */
public record ProxySettings(
    Duration dialTimeout,
    Duration readTimeout,
    Duration idleTimeout,
    Duration halfClosedTimeout,
    int threads,
    RelayChoice relay) {

  /** What moves bytes between sockets. */
  public enum RelayChoice {
    /** The kernel relay where it can run, else the channel relay. */
    AUTO,
    /** The kernel relay; where it cannot run, the channel relay with a warning. */
    KERNEL,
    /** The channel relay. */
    CHANNEL
  }
}
