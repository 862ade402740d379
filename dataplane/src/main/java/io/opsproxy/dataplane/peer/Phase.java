package io.opsproxy.dataplane.peer;

/** How far the life of a peer has come; it never goes back. */
enum Phase {
  STARTING,
  SERVING,
  DRAINING
}
