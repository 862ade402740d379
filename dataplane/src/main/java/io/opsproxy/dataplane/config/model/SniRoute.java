package io.opsproxy.dataplane.config.model;

import io.opsproxy.dataplane.config.value.HostName;
import java.util.List;

/**
 * Connections of one listener that go to one service by the name in their ClientHello (Envoy: a
 * filter chain with {@code server_names}).
 *
 * @param serverNames at least one; exact or wildcard. An exact one wins, else the longest wildcard
 * @param service a name that {@code services} or a remote peer serves
 */
public record SniRoute(List<HostName> serverNames, HostName service) {
  public SniRoute {
    serverNames = List.copyOf(serverNames);
  }
}
