package io.opsproxy.dataplane.why;

import io.opsproxy.dataplane.telemetry.ErrorReason;
import java.time.Duration;
import java.util.Optional;

/**
 * What an attempt to connect came to.
 *
 * @param failure empty when it was connected
 * @param message what was connected, or why nothing was
 * @param took from its start to its end
 * @param age since its end
 */
record Probe(Optional<ErrorReason> failure, String message, Duration took, Duration age) {

  /** What to do about one that failed. */
  String remedy() {
    return switch (failure.orElseThrow()) {
      case REMOTE_NOT_CONNECTED -> "see the links: ./ops-proxy status";
      case BACKEND_DIAL_ERROR, NO_HEALTHY_ENDPOINT ->
          "see that the backend runs, listens at that address, and is reached from the machine of the"
              + " peer that serves the name";
      case DATA_TIMEOUT, DATA_DIAL_ERROR, DATA_HEADER_ERROR, FORWARD_WRITE_ERROR ->
          "see that the peer which serves the name can dial this one: the address is"
              + " peer.local_peer_addr (LOCAL_PEER_ADDR) of this peer; then ask that peer itself:"
              + " ./ops-proxy why NAME --at ITS_STATUS_ADDRESS";
      case FORWARD_REFUSED ->
          "the peer that serves the name has other names by now; ask again in a few seconds, or"
              + " restart the link by restarting one of the two";
      case LIMIT, MEMORY, SHED -> "raise the limit that is named, or wait until others are done";
      default -> "the logs of this peer and of the one that serves the name say more";
    };
  }
}
