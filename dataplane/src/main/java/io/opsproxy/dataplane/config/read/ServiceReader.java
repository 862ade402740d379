package io.opsproxy.dataplane.config.read;

import static io.opsproxy.dataplane.config.schema.ServiceKeys.BACKEND_ADDRESS;
import static io.opsproxy.dataplane.config.schema.ServiceKeys.BACKEND_NAME;
import static io.opsproxy.dataplane.config.schema.ServiceKeys.CONNECT_ATTEMPTS;
import static io.opsproxy.dataplane.config.schema.ServiceKeys.CONNECT_TIMEOUT;
import static io.opsproxy.dataplane.config.schema.ServiceKeys.ENDPOINT_ADDRESS;
import static io.opsproxy.dataplane.config.schema.ServiceKeys.ENDPOINT_PRIORITY;
import static io.opsproxy.dataplane.config.schema.ServiceKeys.ENDPOINT_WEIGHT;
import static io.opsproxy.dataplane.config.schema.ServiceKeys.LB_POLICY;
import static io.opsproxy.dataplane.config.schema.ServiceKeys.SERVICE_CONNECT;
import static io.opsproxy.dataplane.config.schema.ServiceKeys.SERVICE_ENDPOINTS;
import static io.opsproxy.dataplane.config.schema.ServiceKeys.SERVICE_NAME;
import static io.opsproxy.dataplane.config.schema.ServiceKeys.SERVICE_NAMES;

import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.model.ServiceConfig.Endpoint;
import io.opsproxy.dataplane.config.model.ServiceConfig.LbPolicy;
import io.opsproxy.dataplane.config.model.UpstreamPolicy;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.schema.PeerKeys;
import io.opsproxy.dataplane.config.schema.ServiceKeys;
import io.opsproxy.dataplane.config.schema.UpstreamKeys;
import io.opsproxy.dataplane.config.schema.ValueTypes;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.config.value.ServiceAddress;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code services:}, and the older {@code peer.backends}, of the file. */
public final class ServiceReader {
  private final ServiceTable table;
  private final Duration dialTimeout;
  private final Problems problems;

  ServiceReader(ServiceTable table, Duration dialTimeout, Problems problems) {
    this.table = table;
    this.dialTimeout = dialTimeout;
    this.problems = problems;
  }

  /** Adds the services of the long form. */
  void readServices(YamlSection top) {
    for (YamlSection section : top.sections(ServiceKeys.SERVICES_LIST, ServiceKeys.SERVICES)) {
      readService(section);
    }
  }

  private void readService(YamlSection section) {
    int errors = problems.errors();
    List<Sourced<HostName>> names = names(section);
    String subject =
        names.isEmpty() ? "service" : "service " + Quoted.of(names.get(0).value().value());
    List<Endpoint> endpoints = endpoints(section, subject);
    LbPolicy policy = section.readOrDefault(LB_POLICY, subject + " lb_policy ");
    YamlSection connect = section.section(SERVICE_CONNECT, ServiceKeys.CONNECT);
    Duration timeout =
        connect.readValue(CONNECT_TIMEOUT, subject + " connect timeout ").orElse(dialTimeout);
    int attempts = connect.readOrDefault(CONNECT_ATTEMPTS, subject + " connect attempts ");
    UpstreamPolicy upstream =
        new UpstreamReader(problems)
            .read(
                section,
                subject,
                section,
                section.readValue(UpstreamKeys.PROXY_PROTOCOL, subject + " proxy_protocol "));
    List<HostName> claimed = table.claim(names, endpoints);
    if (problems.errors() == errors) {
      table.add(new ServiceConfig(claimed, endpoints, policy, timeout, attempts, upstream));
    }
  }

  private List<Sourced<HostName>> names(YamlSection section) {
    List<Sourced<HostName>> names = new ArrayList<>();
    int errors = problems.errors();
    Optional<Sourced<HostName>> one = section.read(SERVICE_NAME, "service ");
    if (one.isPresent()) {
      names.add(one.get());
    }
    names.addAll(section.readValue(SERVICE_NAMES, "service ").orElse(List.of()));
    if (section.has(SERVICE_NAME) && section.has(SERVICE_NAMES)) {
      problems.error(
          section.at(SERVICE_NAMES),
          "a service has name or names, not both",
          "list every name under names");
    } else if (names.isEmpty() && problems.errors() == errors) {
      problems.error(
          section.at(), "a service needs a name", "add name: with what connections ask for");
    }
    return names;
  }

  private List<Endpoint> endpoints(YamlSection section, String subject) {
    EndpointList endpoints = new EndpointList(subject, problems);
    PriorityLevels levels = new PriorityLevels();
    int errors = problems.errors();
    List<Sourced<YamlNode>> items = section.items(SERVICE_ENDPOINTS);
    for (Sourced<YamlNode> item : items) {
      Optional<Sourced<Endpoint>> read = endpoint(item, subject);
      if (read.isPresent()) {
        endpoints.add(read.get().value(), read.get().at());
        levels.see(read.get().value().priority(), read.get().at());
      }
    }
    levels.check(subject, problems);
    if (items.isEmpty() && problems.errors() == errors) {
      problems.error(
          section.at(SERVICE_ENDPOINTS),
          subject + " has no endpoints",
          "add endpoints: with at least one host:port");
    }
    return endpoints.list();
  }

  private Optional<Sourced<Endpoint>> endpoint(Sourced<YamlNode> item, String subject) {
    if (!(item.value() instanceof YamlNode.Mapping)) {
      Optional<HostPort> address =
          ValueTypes.HOST_PORT.read(item.value(), item.at(), subject + " endpoint ", problems);
      return address.isPresent()
          ? Optional.of(
              new Sourced<>(new Endpoint(address.get(), ENDPOINT_WEIGHT.fallback()), item.at()))
          : Optional.empty();
    }
    YamlSection section =
        YamlSection.open(ServiceKeys.ENDPOINTS, item.value(), item.at(), problems);
    Optional<Sourced<HostPort>> address = section.required(ENDPOINT_ADDRESS, subject + " endpoint");
    String shown = address.isEmpty() ? "" : " " + address.get().value();
    int weight = section.readOrDefault(ENDPOINT_WEIGHT, subject + " endpoint" + shown + " weight ");
    int priority =
        section.readOrDefault(ENDPOINT_PRIORITY, subject + " endpoint" + shown + " priority ");
    return address.map(
        found -> new Sourced<>(new Endpoint(found.value(), weight, priority), found.at()));
  }

  /** Adds the services of {@code peer.backends}. */
  void readBackends(YamlSection peer) {
    for (YamlSection section : peer.sections(PeerKeys.BACKENDS, ServiceKeys.BACKENDS_ITEM)) {
      Optional<Sourced<HostName>> name = section.required(BACKEND_NAME, "backend");
      Optional<Sourced<HostPort>> address = section.required(BACKEND_ADDRESS, "backend");
      if (name.isPresent() && address.isPresent()) {
        table.addItem(
            new Sourced<>(
                new ServiceAddress.Item(name.get().value(), address.get().value()),
                name.get().at()));
      }
    }
  }
}
