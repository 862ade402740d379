package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.opsproxy.api.v1alpha1.BackendAddress;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ServiceReference;
import io.opsproxy.dataplane.config.model.ServiceConfig.Endpoint;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where an ExposedService runs.
 *
 * @param endpoints empty when there are none to be had
 * @param egress ports that their connections go to
 * @param resolved whether what the object refers to exists
 * @param local hosts among them that mean the pod itself or its node
 */
record Backends(List<Endpoint> endpoints, Egress egress, Finding resolved, List<String> local) {
  private static final Finding FOUND =
      Finding.of(ConditionType.RESOLVED_REFS, Reason.RESOLVED_REFS);

  /**
   * Looks at them.
   *
   * @throws RefusedSpec naming a value that no peer would take
   */
  static Backends of(ExposedService service, Lookup lookup, Site site, String peerNamespace) {
    ServiceReference reference = service.getSpec().backend().serviceRef();
    return reference == null
        ? addresses(service, lookup, peerNamespace)
        : referred(
            new ObjectKey(service.getMetadata().getNamespace(), reference.name()),
            reference.port(),
            lookup,
            site);
  }

  private static Backends addresses(ExposedService service, Lookup lookup, String peerNamespace) {
    List<Endpoint> endpoints = new ArrayList<>();
    List<Egress> egress = new ArrayList<>();
    List<String> local = new ArrayList<>();
    List<BackendAddress> addresses = service.getSpec().backend().addresses();
    for (int i = 0; i < addresses.size(); i++) {
      BackendAddress address = addresses.get(i);
      HostPort at =
          RefusedSpec.parse(
              "spec.backend.addresses[" + i + "].address", address.address(), HostPort::parse);
      endpoints.add(new Endpoint(at, address.weight(), address.priority()));
      egress.add(ServiceTarget.behind(at.host(), at.port(), peerNamespace, lookup));
      if (LocalAddress.is(at.host())) {
        local.add(at.toString());
      }
    }
    if (endpoints.isEmpty()) {
      throw new RefusedSpec("spec.backend", "needs serviceRef or addresses");
    }
    return new Backends(endpoints, Egress.sum(egress), FOUND, local);
  }

  private static Backends referred(ObjectKey key, IntOrString port, Lookup lookup, Site site) {
    Optional<Service> found = lookup.service(key);
    if (found.isEmpty()) {
      // A Service that does not exist has its endpoint too: it is looked up at each connect, so
      // that it serves as soon as it is there.
      Finding resolved =
          lookup.knowsServices()
              ? problem(
                  Reason.BACKEND_NOT_FOUND,
                  "Service " + key + " does not exist; create it, or mend spec.backend.serviceRef")
              : FOUND;
      return port.getIntVal() == null
          ? new Backends(List.of(), Egress.NONE, unnumbered(key, port, resolved), List.of())
          : new Backends(
              endpoint(key, port.getIntVal(), port.getIntVal(), site),
              lookup.knowsServices() ? Egress.of(port.getIntVal()) : Egress.UNKNOWN,
              resolved,
              List.of());
    }
    String external = found.get().getSpec().getExternalName();
    List<String> local =
        external != null && LocalAddress.is(external)
            ? List.of(external + " (externalName of Service " + key + ")")
            : List.of();
    try {
      ServiceTarget target = ServiceTarget.of(key, found.get(), port, lookup);
      return new Backends(
          endpoint(key, target.port(), target.dialled(), site), target.egress(), FOUND, local);
    } catch (ServiceTarget.Unknown e) {
      return new Backends(
          port.getIntVal() == null
              ? List.of()
              : endpoint(key, port.getIntVal(), port.getIntVal(), site),
          port.getIntVal() == null ? Egress.NONE : Egress.of(port.getIntVal()),
          problem(Reason.BACKEND_PORT_NOT_FOUND, e.getMessage()),
          local);
    }
  }

  private static List<Endpoint> endpoint(ObjectKey key, int port, int dialled, Site site) {
    return List.of(new Endpoint(site.service(key, port, dialled), 1));
  }

  private static Finding unnumbered(ObjectKey key, IntOrString port, Finding resolved) {
    return resolved.holds()
        ? problem(
            Reason.BACKEND_NOT_FOUND,
            "Service "
                + key
                + " is not there to say which number port \""
                + port.getStrVal()
                + "\" has")
        : resolved;
  }

  private static Finding problem(Reason reason, String message) {
    return Finding.of(ConditionType.RESOLVED_REFS, reason, message);
  }
}
