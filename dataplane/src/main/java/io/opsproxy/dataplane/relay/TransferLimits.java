package io.opsproxy.dataplane.relay;

import java.time.Duration;

/**
 * Rules of one transfer. The time limits are always on: an unlimited half-closed connection is a
 * leak that no one sees.
 *
 * @param idle longest time without a byte in either direction
 * @param halfClosed the same once one side has ended
 * @param reclaimSilent give the client back when the upstream ends before its first byte, so that
 *     it can be told why
 */
public record TransferLimits(Duration idle, Duration halfClosed, boolean reclaimSilent) {}
