package io.opsproxy.operator.observe;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.opsproxy.operator.render.ObjectKey;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A pod of a peer: what the cluster says of it and what it says of itself.
 *
 * @param name of the pod
 * @param ready whether the cluster sends it traffic
 * @param waiting why its container does not run, as the kubelet says; empty when it does
 * @param report empty when it has not answered yet
 * @param silence why it does not answer any more; empty when it does
 */
public record PodView(
    String name, boolean ready, String waiting, Optional<PodReport> report, String silence) {

  /** All but those that are ending; sorted by name. */
  public static List<PodView> of(List<Pod> pods, PodObserver observer) {
    return pods.stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .sorted(Comparator.comparing(pod -> ObjectKey.of(pod)))
        .map(
            pod -> {
              String uid = pod.getMetadata().getUid();
              return new PodView(
                  pod.getMetadata().getName(),
                  isReady(pod),
                  waiting(pod),
                  observer.report(uid),
                  observer.silence(uid));
            })
        .toList();
  }

  public static boolean isReady(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(one -> one.getType().equals("Ready") && one.getStatus().equals("True"));
  }

  /**
   * Whether one of them serves and has not been asked yet, as after a restart of the operator. The
   * answer comes at once; what was proved before stands until then.
   */
  public static boolean unasked(List<PodView> pods) {
    return pods.stream()
        .anyMatch(pod -> pod.ready() && pod.report().isEmpty() && pod.silence().isEmpty());
  }

  /** When the certificates end that they show, of those that answer. */
  public static List<Instant> certificatesShown(List<PodView> pods) {
    return pods.stream()
        .filter(pod -> pod.silence().isEmpty())
        .flatMap(pod -> pod.report().stream())
        .flatMap(report -> report.certificateExpires().stream())
        .toList();
  }

  /** Who refuses one of these names, and why; a line each. */
  public static List<String> refusals(Set<String> names, List<PodView> pods) {
    return pods.stream()
        .filter(PodView::ready)
        .flatMap(pod -> pod.report().stream())
        .flatMap(report -> report.links().stream())
        .flatMap(
            link ->
                link.refused().stream()
                    .filter(one -> names.contains(one.name()))
                    .map(
                        one ->
                            "peer " + link.id() + " refuses " + one.name() + ": " + one.message()))
        .distinct()
        .sorted()
        .toList();
  }

  /** Whether it runs this configuration, and still says so. */
  public boolean runs(String hash) {
    return silence.isEmpty() && report.isPresent() && report.get().hash().equals(hash);
  }

  /** Whether it waits for what does not come by itself; not so while it is merely being made. */
  public boolean isStuck() {
    return !waiting.isEmpty()
        && !waiting.startsWith("ContainerCreating")
        && !waiting.startsWith("PodInitializing");
  }

  private static String waiting(Pod pod) {
    if (pod.getStatus() == null) {
      return "";
    }
    for (ContainerStatus container : pod.getStatus().getContainerStatuses()) {
      if (container.getState() != null && container.getState().getWaiting() != null) {
        String message = container.getState().getWaiting().getMessage();
        return container.getState().getWaiting().getReason()
            + (message == null || message.isEmpty() ? "" : ": " + message);
      }
    }
    return pod.getStatus().getConditions().stream()
        .filter(one -> one.getType().equals("PodScheduled") && one.getStatus().equals("False"))
        .map(one -> one.getReason() + ": " + one.getMessage())
        .findFirst()
        .orElse("");
  }
}
