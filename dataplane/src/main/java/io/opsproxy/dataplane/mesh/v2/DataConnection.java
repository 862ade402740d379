package io.opsproxy.dataplane.mesh.v2;

import io.opsproxy.dataplane.relay.Stream;

/**
 * A data connection that has shown its token.
 *
 * @param number of its token; no other connection of the session has it
 * @param secure whether it is in TLS
 */
record DataConnection(Stream stream, long number, boolean secure) {}
