package io.opsproxy.dataplane.mesh.v2;

import io.opsproxy.dataplane.config.value.HostName;

/**
 * What a link has one route of.
 *
 * @param owner id of the peer that serves the name; empty where it has none
 */
record RouteKey(HostName name, String owner) {}
