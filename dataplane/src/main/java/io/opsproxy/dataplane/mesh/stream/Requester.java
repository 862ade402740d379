package io.opsproxy.dataplane.mesh.stream;

import io.opsproxy.dataplane.config.value.HostPort;
import java.net.InetAddress;
import java.util.Optional;

/** A peer that asked this one for a stream, and how the stream is brought there. Any thread. */
public interface Requester {

  /** The peer, for messages. */
  String describe();

  /** Where the stream is brought to; empty when the peer never said. */
  Optional<HostPort> address();

  /** Whether the stream may be brought to this address of its. */
  boolean mayBeDialled(InetAddress address);

  /** An address that is tried, with the same port, when the one that it said leads nowhere. */
  Optional<InetAddress> lastResort();

  /** What is sent before the first byte of the backend. */
  byte[] opening(String id);

  /**
   * The stream cannot be brought.
   *
   * @param reason a label, and perhaps a clause
   */
  void failed(String id, String reason);
}
