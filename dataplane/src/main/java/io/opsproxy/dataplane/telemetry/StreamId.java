package io.opsproxy.dataplane.telemetry;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What one connection is called at every peer that it passes, in access logs, in {@code tail}, and
 * towards an endpoint that gets a PROXY header: 16 hexadecimal digits. Made where the client
 * connects; of 64 random bits, so that two do not meet. No secret.
 */
public final class StreamId {
  /** Of an id that another peer gives: more are not taken. */
  private static final int MAX_LENGTH = 64;

  private StreamId() {}

  /** Another one. */
  public static String next() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  /**
   * What another peer calls a connection, where that may be written into logs and headers as it is.
   */
  public static String orNext(String told) {
    return told.length() <= MAX_LENGTH && told.matches("[0-9A-Za-z._-]+") ? told : next();
  }
}
