package io.opsproxy.dataplane.telemetry;

import java.util.Locale;

/**
 * Why a connection or a forward failed: the values of the metric label {@code reason}. The first
 * ten are those of the existing Go peers.
 */
public enum ErrorReason {
  NO_CLIENT("no peer and no local service has the name"),
  REMOTE_NOT_CONNECTED("the peer that serves the name is not connected, or its link was lost"),
  BACKEND_DIAL_ERROR("no endpoint of the name could be connected"),
  BACKEND_IO_ERROR("the connection to the backend broke"),
  EMPTY_BACKEND("a forward named no backend"),
  FORWARD_WRITE_ERROR("the FORWARD line could not be sent"),
  DATA_TIMEOUT("no DATA connection came in time"),
  DATA_IO_ERROR("the DATA connection broke"),
  DATA_DIAL_ERROR("the requester's address could not be connected for DATA"),
  DATA_HEADER_ERROR("the DATA line could not be sent or read"),
  FORWARD_REFUSED("a forward asked for a name or a backend that this peer did not register"),
  MALFORMED("the first bytes began as a known protocol and broke its rules"),
  DETECT_TIMEOUT("the client did not say in time what it wants"),
  SHED("too many connections were undecided, and this one was the oldest"),
  MEMORY(
      "so much was held for connections that do not flow that this one, of the largest, had to go"),
  LIMIT("a limit on connections is reached"),
  CONNECT_DENIED("CONNECT to a target that is neither routed nor allowed"),
  PROXY_HEADER_DENIED("a PROXY header from a source that is not trusted, or a broken one"),
  CLIENT_GONE("the client left before its upstream was connected"),
  PEER_DENIED("a peer connection from a source that is not in mesh.legacy_peers"),
  NO_HEALTHY_ENDPOINT("checks or ejection leave no endpoint of the name to be tried");

  private final String label = name().toLowerCase(Locale.ROOT);
  private final String meaning;

  ErrorReason(String meaning) {
    this.meaning = meaning;
  }

  /** The label's value. */
  public String label() {
    return label;
  }

  /** One clause for documents and messages. */
  public String meaning() {
    return meaning;
  }
}
