package io.opsproxy.dataplane.relay;

import java.time.Duration;

/**
 * Time limits that are always on (an unlimited half-closed connection is a leak that no one sees).
 *
 * @param idle longest time without a byte in either direction
 * @param halfClosed the same once one side has ended
 */
public record TransferLimits(Duration idle, Duration halfClosed) {}
