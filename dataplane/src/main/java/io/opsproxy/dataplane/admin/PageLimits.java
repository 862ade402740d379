package io.opsproxy.dataplane.admin;

import java.time.Duration;

/**
 * What readers of the status pages may take. None of it is configured: the pages are for a handful
 * of scrapers and people.
 *
 * @param connections open at once; beyond, the one that has been idle longest goes, else one that
 *     stands still, else the new one is told 503
 * @param bytes of answers that are not yet written, in all; beyond, an answer that stands still
 *     goes, else the new one is told 503. A lone answer may be larger
 * @param idle how long a connection may stay open between requests, and before the first
 * @param request from the first byte of a request to its last; beyond, 408
 * @param answer from the first byte of an answer to its last; beyond, the reader is cut off
 * @param standstill how long a request or an answer has been under way before it may have to go for
 *     another one
 */
record PageLimits(
    int connections,
    long bytes,
    Duration idle,
    Duration request,
    Duration answer,
    Duration standstill) {
  static final int MAX_CONNECTIONS = 64;
  static final Duration IDLE = Duration.ofSeconds(30);
  static final Duration REQUEST = Duration.ofSeconds(10);
  static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration STANDSTILL = Duration.ofSeconds(1);

  /** The part of the heap that answers may fill which wait for their readers. */
  static final int SHARE_OF_HEAP = 8;

  /** No page is asked for with a body; one this long is read, and looked at by nobody. */
  static final int MAX_BODY = 8 * 1024;

  static PageLimits usual() {
    return new PageLimits(
        MAX_CONNECTIONS,
        Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP,
        IDLE,
        REQUEST,
        ANSWER,
        STANDSTILL);
  }
}
