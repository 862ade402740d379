package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.model.ServiceConfig.Endpoint;
import io.opsproxy.dataplane.config.model.ServiceConfig.Endpoint.Check;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.read.EndpointList;
import io.opsproxy.dataplane.config.read.PriorityLevels;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.config.value.IpLiteral;
import io.opsproxy.dataplane.config.value.Quoted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads ClusterLoadAssignments, those inside clusters and those in files of their own. */
final class EnvoyEndpointReader {
  private static final int MAX_WEIGHT = 128;

  /** Envoy's default, in percent. */
  private static final int OVERPROVISIONING = 140;

  private final EnvoySources sources;
  private final Problems problems;
  private final Map<Path, Map<String, Assignment>> files = new HashMap<>();

  /**
   * What a ClusterLoadAssignment says.
   *
   * @param transports what the metadata of each of its endpoints says of its transport
   */
  record Assignment(List<Endpoint> endpoints, List<Map<String, String>> transports) {
    static final Assignment NONE = new Assignment(List.of(), List.of());
  }

  /** Envoy's health status of an endpoint. */
  enum Health {
    UNKNOWN,
    HEALTHY,
    UNHEALTHY,
    DRAINING,
    TIMEOUT,
    DEGRADED
  }

  private record Weighted(HostPort address, int weight, int priority, Check check, Source at) {}

  EnvoyEndpointReader(EnvoySources sources, Problems problems) {
    this.sources = sources;
    this.problems = problems;
  }

  /** The assignments of a file by cluster; a file is read once. */
  Map<String, Assignment> file(Sourced<Path> path) {
    Map<String, Assignment> known = files.get(path.value());
    if (known != null) {
      return known;
    }
    Map<String, Assignment> assignments = new HashMap<>();
    Map<String, Source> places = new HashMap<>();
    for (YamlSection section : sources.resources(path, EnvoyType.ASSIGNMENT)) {
      Optional<Sourced<String>> name =
          section.required(EnvoyKeys.ASSIGNMENT_NAME, "ClusterLoadAssignment");
      if (name.isEmpty()) {
        continue;
      }
      String cluster = name.get().value();
      String subject = "cluster " + Quoted.of(cluster);
      Source first = places.putIfAbsent(cluster, section.at());
      if (first != null) {
        problems.error(
            name.get().at(),
            subject + " has its endpoints twice, first on " + first.briefFrom(name.get().at()),
            "write all endpoints into one ClusterLoadAssignment");
      }
      assignments.put(cluster, read(section, subject, false));
    }
    files.put(path.value(), assignments);
    return assignments;
  }

  /**
   * What one assignment says.
   *
   * @param resolved whether Envoy would look names up
   */
  Assignment read(YamlSection assignment, String subject, boolean resolved) {
    int errors = problems.errors();
    List<Weighted> read = new ArrayList<>();
    List<Map<String, String>> transports = new ArrayList<>();
    PriorityLevels levels = new PriorityLevels();
    for (YamlSection locality : assignment.sections(EnvoyKeys.LOCALITIES, "LocalityLbEndpoints")) {
      int priority = locality.readValue(EnvoyKeys.PRIORITY, subject + " priority ").orElse(0);
      levels.see(priority, locality.at(EnvoyKeys.PRIORITY));
      for (YamlSection endpoint : locality.sections(EnvoyKeys.LB_ENDPOINTS, "LbEndpoint")) {
        transports.add(EnvoyTransports.said(endpoint.node(EnvoyKeys.METADATA)));
        Optional<Weighted> one = readEndpoint(endpoint, subject + " endpoint", priority, resolved);
        if (one.isPresent()) {
          read.add(one.get());
        }
      }
    }
    checkPolicy(assignment, subject);
    if (read.isEmpty() && problems.errors() == errors) {
      warnOfNone(assignment.at(), subject, problems);
    }
    levels.check(subject, problems);
    return new Assignment(scaled(read, subject), transports);
  }

  /** Envoy takes such a cluster too: whoever writes its endpoints may not know them yet. */
  static void warnOfNone(Source at, String subject, Problems problems) {
    problems.warning(
        at,
        subject + " has no endpoints; its connections are closed until there are some",
        "add endpoints: with at least one address, or remove the cluster and its listener");
  }

  private void checkPolicy(YamlSection assignment, String subject) {
    YamlSection policy =
        assignment.section(EnvoyKeys.ASSIGNMENT_POLICY, "ClusterLoadAssignment.Policy");
    Optional<Sourced<Integer>> factor =
        policy.read(EnvoyKeys.OVERPROVISIONING, subject + " overprovisioning_factor ");
    if (factor.isPresent() && factor.get().value() != OVERPROVISIONING) {
      problems.error(
          factor.get().at(),
          subject
              + " overprovisioning_factor "
              + factor.get().value()
              + ": priorities are shared by 140 here, and would get other shares",
          "remove it");
    }
  }

  private Optional<Weighted> readEndpoint(
      YamlSection section, String subject, int priority, boolean resolved) {
    YamlSection endpoint = section.section(EnvoyKeys.ENDPOINT, "Endpoint");
    Optional<Sourced<HostPort>> address =
        new EnvoyAddresses(problems).endpoint(endpoint, EnvoyKeys.ENDPOINT_ADDRESS, subject);
    Check check = readCheck(endpoint, address.map(Sourced::value), subject);
    int weight =
        section
            .readValue(EnvoyKeys.LOAD_BALANCING_WEIGHT, subject + " load_balancing_weight ")
            .orElse(1);
    Health health =
        section
            .readValue(EnvoyKeys.HEALTH_STATUS, subject + " health_status ")
            .orElse(Health.UNKNOWN);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    HostPort value = address.get().value();
    Source at = address.get().at();
    if (!resolved && IpLiteral.parse(value.host()) == null) {
      problems.warning(
          at,
          subject
              + " "
              + value
              + " is a name, which Envoy refuses in a STATIC or EDS cluster; here it is looked up",
          "write an IP address, or type: STRICT_DNS");
    }
    if (health == Health.UNHEALTHY || health == Health.DRAINING || health == Health.TIMEOUT) {
      problems.warning(
          section.at(EnvoyKeys.HEALTH_STATUS),
          subject + " " + value + " is left out, because it is " + health,
          "remove health_status to use it");
      return Optional.empty();
    }
    return Optional.of(new Weighted(value, weight, priority, check, at));
  }

  /** The port of the config wins over the port of its address, as in Envoy. */
  private Check readCheck(YamlSection endpoint, Optional<HostPort> own, String subject) {
    String what = subject + " health_check_config ";
    YamlSection config = endpoint.section(EnvoyKeys.HEALTH_CHECK_CONFIG, "HealthCheckConfig");
    int port = config.readValue(EnvoyKeys.CHECK_PORT, what + "port_value ").orElse(0);
    Optional<HostPort> other =
        config.has(EnvoyKeys.CHECK_ADDRESS)
            ? new EnvoyAddresses(problems).check(config, EnvoyKeys.CHECK_ADDRESS, what + "address")
            : own;
    Optional<HostPort> asked =
        other.map(found -> port == 0 ? found : new HostPort(found.host(), port));
    if (asked.isPresent() && asked.get().port() == 0) {
      problems.error(
          config.at(), what + asked.get() + ": port must be 1-65535", "write port_value");
    }
    return new Check(
        asked.filter(found -> own.isEmpty() || !found.equals(own.get())),
        config.readValue(EnvoyKeys.CHECK_HOST, what).filter(host -> !host.isEmpty()),
        config.readValue(EnvoyKeys.CHECK_DISABLED, what).orElse(false));
  }

  /** Envoy's weights go further than ours, and only their proportions in a priority matter. */
  private List<Endpoint> scaled(List<Weighted> read, String subject) {
    Map<Integer, Integer> largest = new HashMap<>();
    for (Weighted one : read) {
      largest.merge(one.priority, Math.max(MAX_WEIGHT, one.weight), Math::max);
    }
    EndpointList endpoints = new EndpointList(subject, problems);
    for (Weighted one : read) {
      long weight = Math.round((double) one.weight * MAX_WEIGHT / largest.get(one.priority));
      endpoints.add(
          new Endpoint(one.address, (int) Math.max(1, weight), one.priority, one.check), one.at);
    }
    return endpoints.list();
  }
}
