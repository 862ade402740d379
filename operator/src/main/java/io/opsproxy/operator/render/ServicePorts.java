package io.opsproxy.operator.render;

import io.opsproxy.operator.render.Attachment.Served;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Names of ports. */
final class ServicePorts {
  static final String PROXY = "proxy";
  static final String METRICS = "metrics";

  private ServicePorts() {}

  /** All ports that services have of their own, ascending. */
  static List<ListenerPort> listeners(List<Served> services) {
    return services.stream()
        .map(Served::listener)
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(ListenerPort::port))
        .toList();
  }
}
