package io.opsproxy.dataplane.mesh.stream;

import io.opsproxy.dataplane.mesh.names.Owner;

/** An owner that streams can be had of. Any thread. */
public interface StreamOwner extends Owner {

  /** How a stream to it is had. */
  DataSource source();

  /** The peer, for messages: what it calls itself, with the address of this link to it. */
  String describe();
}
