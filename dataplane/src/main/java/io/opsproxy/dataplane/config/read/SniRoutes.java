package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.model.SniRoute;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.Quoted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The routes by server name of one listener; no name leads to two services. */
public final class SniRoutes {
  private final List<SniRoute> routes = new ArrayList<>();
  private final Map<HostName, Source> names = new HashMap<>();
  private final String subject;
  private final Problems problems;

  public SniRoutes(String subject, Problems problems) {
    this.subject = subject;
    this.problems = problems;
  }

  /** Claims names; one that is taken is an error, as it is for Envoy. */
  public void claim(List<Sourced<HostName>> serverNames) {
    for (Sourced<HostName> name : serverNames) {
      Source first = names.putIfAbsent(name.value(), name.at());
      if (first != null) {
        problems.error(
            name.at(),
            subject
                + " has server name "
                + Quoted.of(name.value().value())
                + " twice, first on "
                + first.briefFrom(name.at()),
            "remove one of the two");
      }
    }
  }

  public void add(List<Sourced<HostName>> serverNames, HostName service) {
    routes.add(new SniRoute(serverNames.stream().map(Sourced::value).toList(), service));
  }

  public List<SniRoute> list() {
    return List.copyOf(routes);
  }
}
