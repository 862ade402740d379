package io.opsproxy.dataplane.cluster;

import java.net.InetSocketAddress;

/**
 * The client of a connection, for those upstreams that are told of it.
 *
 * @param source where the client is: its socket's address, or what a trusted PROXY header says
 * @param destination where it connected to
 */
public record ClientAddress(InetSocketAddress source, InetSocketAddress destination) {}
