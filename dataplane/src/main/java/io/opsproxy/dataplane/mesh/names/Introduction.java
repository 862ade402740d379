package io.opsproxy.dataplane.mesh.names;

import io.opsproxy.dataplane.config.value.HostPort;

/**
 * What a peer says of itself. Words for people, and an address to be tried: nothing that is only
 * told is ever a key.
 *
 * @param name what it calls itself
 * @param address where it says that it can be dialled
 */
public record Introduction(String name, HostPort address) {}
