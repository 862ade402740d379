package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.opsproxy.api.v1alpha1.Backend;
import io.opsproxy.api.v1alpha1.BackendAddress;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ServiceReference;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.dataplane.config.ServiceConfig.Endpoint;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where an ExposedService runs. */
final class Backends {
  private Backends() {}

  static ObjectKey serviceOf(ExposedService service, ServiceReference reference) {
    return new ObjectKey(service.getMetadata().getNamespace(), reference.name());
  }

  /**
   * The endpoints. A Service that does not exist has its endpoint too: it is looked up at each
   * connect, so that it serves as soon as it is there.
   */
  static List<Endpoint> endpoints(ExposedService service, Site site) {
    Backend backend = service.getSpec().backend();
    if (backend.serviceRef() != null) {
      ServiceReference reference = backend.serviceRef();
      return List.of(
          new Endpoint(site.service(serviceOf(service, reference), reference.port()), 1));
    }
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < backend.addresses().size(); i++) {
      BackendAddress address = backend.addresses().get(i);
      HostPort at =
          RefusedSpec.parse(
              "spec.backend.addresses[" + i + "].address", address.address(), HostPort::parse);
      endpoints.add(new Endpoint(at, address.weight(), address.priority()));
    }
    if (endpoints.isEmpty()) {
      throw new RefusedSpec("spec.backend", "needs serviceRef or addresses");
    }
    return endpoints;
  }

  /** Whether what it refers to exists. */
  static Finding resolve(ExposedService service, Lookup lookup) {
    ServiceReference reference = service.getSpec().backend().serviceRef();
    if (reference == null) {
      return Finding.of(ConditionType.RESOLVED_REFS, Reason.RESOLVED_REFS);
    }
    ObjectKey key = serviceOf(service, reference);
    Optional<Service> found = lookup.service(key);
    if (found.isEmpty() && !lookup.knowsServices()) {
      return Finding.of(ConditionType.RESOLVED_REFS, Reason.RESOLVED_REFS);
    }
    if (found.isEmpty()) {
      return Finding.of(
          ConditionType.RESOLVED_REFS,
          Reason.BACKEND_NOT_FOUND,
          "Service " + key + " does not exist; create it, or mend spec.backend.serviceRef");
    }
    List<ServicePort> ports = found.get().getSpec().getPorts();
    // An ExternalName Service has no ports: whatever is named is reached.
    boolean known =
        ports == null
            || ports.isEmpty()
            || ports.stream().anyMatch(port -> reference.port().equals(port.getPort()));
    if (known) {
      return Finding.of(ConditionType.RESOLVED_REFS, Reason.RESOLVED_REFS);
    }
    return Finding.of(
        ConditionType.RESOLVED_REFS,
        Reason.BACKEND_PORT_NOT_FOUND,
        "Service "
            + key
            + " has no port "
            + reference.port()
            + "; it has "
            + ports.stream()
                .map(port -> port.getPort().toString())
                .collect(Collectors.joining(", ")));
  }
}
