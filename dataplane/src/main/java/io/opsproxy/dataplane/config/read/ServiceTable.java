package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.model.ServiceConfig.Endpoint;
import io.opsproxy.dataplane.config.model.ServiceConfig.LbPolicy;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.schema.ServiceKeys;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.config.value.ServiceAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The services of one configuration, from the long form and from the short one; no name occurs
 * twice. The long form is added first, so that its settings stay when both name one backend.
 */
final class ServiceTable {
  private static final String KEEP_ONE = "keep one of the two";

  private final Map<HostName, Owner> owners = new HashMap<>();
  private final List<ServiceConfig> services = new ArrayList<>();
  private final Duration dialTimeout;
  private final Problems problems;

  /**
   * Who has a name.
   *
   * @param backend the only backend, when there is only one
   */
  private record Owner(Source at, Optional<HostPort> backend, boolean longForm) {}

  ServiceTable(Duration dialTimeout, Problems problems) {
    this.dialTimeout = dialTimeout;
    this.problems = problems;
  }

  /**
   * Takes the names of a service of the long form; those that are taken are reported and left out.
   *
   * @param endpoints as far as they could be read
   */
  List<HostName> claim(List<Sourced<HostName>> names, List<Endpoint> endpoints) {
    Optional<HostPort> only =
        endpoints.size() == 1 ? Optional.of(endpoints.get(0).address()) : Optional.empty();
    List<HostName> claimed = new ArrayList<>();
    for (Sourced<HostName> name : names) {
      Owner owner = owners.putIfAbsent(name.value(), new Owner(name.at(), only, true));
      if (owner == null) {
        claimed.add(name.value());
      } else if (claimed.contains(name.value())) {
        problems.warning(
            name.at(), "name " + quoted(name.value()) + " stands twice in one service", KEEP_ONE);
      } else {
        problems.error(
            name.at(),
            "name " + quoted(name.value()) + " belongs to another service, " + owner.at.brief(),
            "put all endpoints of a name into one service");
      }
    }
    return claimed;
  }

  /** Adds a service whose names were claimed. */
  void add(ServiceConfig service) {
    services.add(service);
  }

  /** Adds an item of the short form. */
  void addItem(Sourced<ServiceAddress.Item> item) {
    HostName name = item.value().name();
    HostPort backend = item.value().backend();
    Owner owner = owners.putIfAbsent(name, new Owner(item.at(), Optional.of(backend), false));
    if (owner == null) {
      services.add(
          new ServiceConfig(
              List.of(name),
              List.of(new Endpoint(backend, ServiceKeys.ENDPOINT_WEIGHT.fallback())),
              LbPolicy.ROUND_ROBIN,
              dialTimeout,
              ServiceKeys.CONNECT_ATTEMPTS.fallback()));
      return;
    }
    String place = owner.longForm ? "under services, " + owner.at.brief() : owner.at.brief();
    if (owner.backend.isPresent() && owner.backend.get().equals(backend)) {
      problems.warning(
          item.at(),
          "service " + quoted(name) + " with backend " + backend + " stands twice: also " + place,
          KEEP_ONE);
    } else {
      String other = owner.backend.isPresent() ? owner.backend.get().toString() : "others";
      problems.error(
          item.at(),
          "service "
              + quoted(name)
              + " has backend "
              + backend
              + " here and "
              + other
              + ": "
              + place,
          "write several endpoints of one name under services:, and the name nowhere else");
    }
  }

  List<ServiceConfig> services() {
    return services;
  }

  private static String quoted(HostName name) {
    return Quoted.of(name.value());
  }
}
