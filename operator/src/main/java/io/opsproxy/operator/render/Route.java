package io.opsproxy.operator.render;

import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.value.HostName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one object asks of a peer, whatever its kind: names, perhaps a port, and where their
 * connections go. Valid by itself; what others have taken already is not looked at.
 *
 * @param names at least one, each once
 * @param listenerPort of the peer, whose every connection goes to it
 * @param service what serves it, under all of its names
 * @param files what the configuration names beside itself, by file name
 * @param egress ports that its connections go to
 */
record Route(
    List<HostName> names,
    Optional<Integer> listenerPort,
    ServiceConfig service,
    Map<String, String> files,
    Egress egress) {
  Route {
    names = List.copyOf(names);
    files = Map.copyOf(files);
  }

  /** The same under some of its names only. */
  ServiceConfig serving(List<HostName> won) {
    return won.equals(service.names())
        ? service
        : new ServiceConfig(
            won,
            service.endpoints(),
            service.lbPolicy(),
            service.connectTimeout(),
            service.connectAttempts(),
            service.upstream());
  }
}
