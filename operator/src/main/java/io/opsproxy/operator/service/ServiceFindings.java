package io.opsproxy.operator.service;

import io.opsproxy.api.v1alpha1.EndpointStatus;
import io.opsproxy.operator.observe.PodReport;
import io.opsproxy.operator.observe.PodReport.Endpoint;
import io.opsproxy.operator.observe.PodView;
import io.opsproxy.operator.peer.ConfigHistory;
import io.opsproxy.operator.render.Attachment;
import io.opsproxy.operator.render.Attachment.Served;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the pods of a peer prove about one object that it serves. Pure functions. */
final class ServiceFindings {
  private ServiceFindings() {}

  /**
   * Every ready pod runs a configuration that holds the object, and there is one. A pod that is not
   * ready gets no traffic and does not count.
   *
   * @param before whether this was proved for this generation of the object; a pod that has not
   *     answered yet does not take it back
   */
  static Finding programmed(
      Attachment attachment, List<PodView> pods, ConfigHistory history, boolean before) {
    Optional<Served> served = attachment.served();
    if (served.isEmpty()) {
      return Finding.of(ConditionType.PROGRAMMED, Reason.NOT_PROGRAMMED);
    }
    List<PodView> ready = pods.stream().filter(PodView::ready).toList();
    if (ready.isEmpty()) {
      return Finding.of(ConditionType.PROGRAMMED, Reason.NO_READY_POD);
    }
    List<String> lagging = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (PodView pod : ready) {
      if (pod.report().isEmpty()) {
        unknown.add(pod.name());
      } else if (!history.holds(pod.report().get().hash(), served.get())) {
        lagging.add(pod.name());
      }
    }
    if (!lagging.isEmpty()) {
      return Finding.of(
          ConditionType.PROGRAMMED,
          Reason.PODS_LAG,
          "not yet in the configuration that runs in " + listed(lagging));
    }
    if (!unknown.isEmpty() && !before) {
      return Finding.of(
          ConditionType.PROGRAMMED, Reason.PENDING, "no answer yet from " + listed(unknown));
    }
    return Finding.of(ConditionType.PROGRAMMED, Reason.PROGRAMMED, "all ready pods serve it");
  }

  private static String listed(List<String> pods) {
    return (pods.size() == 1 ? "pod " : "pods ") + String.join(", ", pods);
  }

  /** Endpoints that every ready pod calls healthy; empty before one has answered. */
  static Optional<EndpointStatus> endpoints(Attachment attachment, List<PodView> pods) {
    if (attachment.served().isEmpty()) {
      return Optional.empty();
    }
    List<List<Endpoint>> reported = reported(attachment, pods);
    if (reported.isEmpty()) {
      return Optional.empty();
    }
    int total = attachment.served().get().service().endpoints().size();
    int healthy = total - unhealthy(reported).size();
    return Optional.of(new EndpointStatus(Math.max(0, healthy), total));
  }

  static Finding healthy(Attachment attachment, List<PodView> pods) {
    if (attachment.served().isEmpty()) {
      return Finding.of(ConditionType.BACKENDS_HEALTHY, Reason.PENDING);
    }
    List<List<Endpoint>> reported = reported(attachment, pods);
    if (reported.isEmpty()) {
      return Finding.of(ConditionType.BACKENDS_HEALTHY, Reason.PENDING);
    }
    Set<String> unhealthy = unhealthy(reported);
    boolean none =
        reported.stream().anyMatch(endpoints -> endpoints.stream().noneMatch(Endpoint::healthy));
    if (none) {
      return Finding.of(
          ConditionType.BACKENDS_HEALTHY,
          Reason.NO_HEALTHY_ENDPOINT,
          "no endpoint works: "
              + String.join(", ", unhealthy)
              + "; see the log of the pods for why");
    }
    return unhealthy.isEmpty()
        ? Finding.of(ConditionType.BACKENDS_HEALTHY, Reason.HEALTHY)
        : Finding.of(
            ConditionType.BACKENDS_HEALTHY,
            Reason.HEALTHY,
            "endpoints work, except " + String.join(", ", unhealthy));
  }

  /** Whether the peers that the pods have links to take the names. */
  static Finding advertised(Attachment attachment, List<PodView> pods) {
    Set<String> refusals =
        attachment.served().isEmpty()
            ? Set.of()
            : new TreeSet<>(PodView.refusals(attachment.served().get().names(), pods));
    return refusals.isEmpty()
        ? Finding.of(ConditionType.ADVERTISED, Reason.ADVERTISED)
        : Finding.of(ConditionType.ADVERTISED, Reason.NAME_REFUSED, String.join("; ", refusals));
  }

  /** What each ready pod says of the endpoints behind the first name. */
  private static List<List<Endpoint>> reported(Attachment attachment, List<PodView> pods) {
    String name = attachment.served().orElseThrow().service().names().get(0).value();
    List<List<Endpoint>> reported = new ArrayList<>();
    for (PodView pod : pods) {
      Optional<PodReport> report = pod.ready() ? pod.report() : Optional.empty();
      List<Endpoint> endpoints = report.map(one -> one.endpoints().get(name)).orElse(null);
      if (endpoints != null) {
        reported.add(endpoints);
      }
    }
    return reported;
  }

  private static Set<String> unhealthy(List<List<Endpoint>> reported) {
    Set<String> unhealthy = new TreeSet<>();
    for (List<Endpoint> endpoints : reported) {
      endpoints.stream()
          .filter(one -> !one.healthy())
          .map(Endpoint::address)
          .forEach(unhealthy::add);
    }
    return unhealthy;
  }
}
