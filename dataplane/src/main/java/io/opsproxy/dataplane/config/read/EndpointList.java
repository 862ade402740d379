package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.model.ServiceConfig.Endpoint;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.value.HostPort;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The endpoints of one service; no address occurs twice. */
public final class EndpointList {
  private final Map<HostPort, Endpoint> endpoints = new LinkedHashMap<>();
  private final String subject;
  private final Problems problems;

  public EndpointList(String subject, Problems problems) {
    this.subject = subject;
    this.problems = problems;
  }

  public void add(Endpoint endpoint, Source at) {
    if (endpoints.putIfAbsent(endpoint.address(), endpoint) != null) {
      problems.warning(
          at,
          subject + " endpoint " + endpoint.address() + " stands twice and counts once",
          "remove one of the two, or use weight for a larger share");
    }
  }

  public List<Endpoint> list() {
    return List.copyOf(endpoints.values());
  }
}
