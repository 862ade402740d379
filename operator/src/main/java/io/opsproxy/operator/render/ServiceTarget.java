package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A port of a Service, as Kubernetes routes it: by way of the Service's own address, which is where
 * its port is; or, of a headless one, straight to the pods, where its targetPort is.
 *
 * @param port of the Service
 * @param dialled the port at the address that its name has
 * @param egress ports that the connections really go to
 */
record ServiceTarget(int port, int dialled, Egress egress) {
  /** Of Services that point to Services that point to Services. */
  private static final int MAX_EXTERNAL = 3;

  /** What cannot be dialled, and why. */
  static final class Unknown extends Exception {
    private static final long serialVersionUID = 1L;

    Unknown(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * Finds it.
   *
   * @param wanted number or name of a port
   * @throws Unknown when the Service has no such port, or its number cannot be known
   */
  static ServiceTarget of(ObjectKey key, Service service, IntOrString wanted, Lookup lookup)
      throws Unknown {
    return of(key, service, wanted, lookup, MAX_EXTERNAL);
  }

  private static ServiceTarget of(
      ObjectKey key, Service service, IntOrString wanted, Lookup lookup, int depth) throws Unknown {
    List<ServicePort> ports = service.getSpec().getPorts();
    if ("ExternalName".equals(service.getSpec().getType())) {
      return external(key, service, number(key, wanted, ports), lookup, depth);
    }
    Optional<ServicePort> found =
        ports.stream().filter(port -> isTcp(port) && matches(port, wanted)).findFirst();
    if (found.isEmpty()) {
      // A headless Service may have no ports at all: its pods are reached at any.
      if (ports.isEmpty() && isHeadless(service) && wanted.getIntVal() != null) {
        return new ServiceTarget(
            wanted.getIntVal(), wanted.getIntVal(), Egress.of(wanted.getIntVal()));
      }
      throw new Unknown(
          "Service " + key + " has no TCP port " + text(wanted) + "; it has " + listed(ports));
    }
    int port = found.get().getPort();
    IntOrString target =
        found.get().getTargetPort() == null ? new IntOrString(port) : found.get().getTargetPort();
    Map<String, String> selector = service.getSpec().getSelector();
    // Without a selector its addresses, and their ports, are somebody's own business.
    boolean known = selector != null && !selector.isEmpty();
    if (!isHeadless(service)) {
      return new ServiceTarget(
          port, port, known ? Egress.of(new IntOrString(port), target) : Egress.UNKNOWN);
    }
    if (target.getIntVal() == null) {
      throw new Unknown(
          "Service "
              + key
              + " is headless, and its targetPort \""
              + target.getStrVal()
              + "\" is a name whose number only its pods know; write the number there, or take a"
              + " Service with an address of its own");
    }
    return new ServiceTarget(
        port, target.getIntVal(), known ? Egress.of(target.getIntVal()) : Egress.UNKNOWN);
  }

  /** A name that DNS gives another name; its port is used as it is. */
  private static ServiceTarget external(
      ObjectKey key, Service service, int port, Lookup lookup, int depth) {
    if (depth == 0) {
      return new ServiceTarget(port, port, Egress.UNKNOWN);
    }
    String name = service.getSpec().getExternalName();
    return new ServiceTarget(
        port,
        port,
        Egress.of(port)
            .and(behind(name == null ? "" : name, port, key.namespace(), lookup, depth - 1)));
  }

  /**
   * What an address leads to, when it is that of a Service of the cluster; else just its port.
   *
   * @param namespace in which short names are looked up
   */
  static Egress behind(String host, int port, String namespace, Lookup lookup) {
    return Egress.of(port).and(behind(host, port, namespace, lookup, MAX_EXTERNAL));
  }

  private static Egress behind(String host, int port, String namespace, Lookup lookup, int depth) {
    Optional<ObjectKey> key = ServiceAddress.of(host, namespace);
    if (key.isEmpty()) {
      return Egress.NONE;
    }
    Optional<Service> service = lookup.service(key.get());
    if (service.isEmpty()) {
      // A short name may be one of anybody; a name that says "svc" can be nothing else.
      return ServiceAddress.isQualified(host) ? Egress.UNKNOWN : Egress.NONE;
    }
    try {
      return of(key.get(), service.get(), new IntOrString(port), lookup, depth).egress();
    } catch (Unknown e) {
      // Dialled at a port that its pods may have without telling.
      return isHeadless(service.get()) ? Egress.of(port) : Egress.NONE;
    }
  }

  private static int number(ObjectKey key, IntOrString wanted, List<ServicePort> ports)
      throws Unknown {
    if (wanted.getIntVal() != null) {
      return wanted.getIntVal();
    }
    return ports.stream()
        .filter(port -> matches(port, wanted))
        .findFirst()
        .map(ServicePort::getPort)
        .orElseThrow(
            () ->
                new Unknown(
                    "Service " + key + " has no port named \"" + wanted.getStrVal() + "\""));
  }

  private static boolean isHeadless(Service service) {
    return "None".equals(service.getSpec().getClusterIP());
  }

  private static boolean isTcp(ServicePort port) {
    return port.getProtocol() == null || port.getProtocol().equals("TCP");
  }

  private static boolean matches(ServicePort port, IntOrString wanted) {
    return wanted.getIntVal() != null
        ? wanted.getIntVal().equals(port.getPort())
        : wanted.getStrVal().equals(port.getName());
  }

  static String text(IntOrString port) {
    return port.getIntVal() != null ? port.getIntVal().toString() : "\"" + port.getStrVal() + "\"";
  }

  private static String listed(List<ServicePort> ports) {
    return ports.isEmpty()
        ? "none"
        : ports.stream()
            .map(
                port ->
                    port.getPort()
                        + (port.getName() == null ? "" : " (" + port.getName() + ")")
                        + (isTcp(port) ? "" : " for " + port.getProtocol()))
            .collect(Collectors.joining(", "));
  }
}
