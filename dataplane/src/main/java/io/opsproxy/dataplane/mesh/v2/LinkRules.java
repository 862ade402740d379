package io.opsproxy.dataplane.mesh.v2;

import io.opsproxy.dataplane.config.value.HostName;

/**
 * Who is at the two ends of a link, and what they may do here by the trust and the configuration in
 * force. Any thread, once the other end is verified.
 */
interface LinkRules {
  /** The id of this peer. */
  String ownId();

  /** The id of the other side. */
  String otherId();

  /** Whether the other side is a replica of this peer: it has the same id. */
  boolean isReplica();

  /** Whether the other side may own the name. */
  boolean mayOwn(HostName name);

  /** Whether the other side may pass on names of others. */
  boolean mayTransit();

  /** Whether this peer passes on names to who is no replica of it. */
  boolean isTransit();

  /** Whether this peer serves the name itself. */
  boolean isServedHere(HostName name);
}
