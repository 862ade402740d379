package io.opsproxy.operator.render;

import io.opsproxy.operator.render.Attachment.Served;
import java.util.List;
import java.util.Optional;

/** Names of ports. */
final class ServicePorts {
  static final String PROXY = "proxy";
  static final String METRICS = "metrics";

  private ServicePorts() {}

  /** Of a listenerPort, both in the Service and in the configuration of the peer. */
  static String nameOf(int listenerPort) {
    return "port-" + listenerPort;
  }

  /** All ports that services have of their own, ascending. */
  static List<Integer> listenerPorts(List<Served> services) {
    return services.stream().map(Served::listenerPort).flatMap(Optional::stream).sorted().toList();
  }
}
