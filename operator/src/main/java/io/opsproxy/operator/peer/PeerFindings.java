package io.opsproxy.operator.peer;

import io.opsproxy.api.v1alpha1.LinkState;
import io.opsproxy.api.v1alpha1.RemotePeerStatus;
import io.opsproxy.operator.observe.PodReport;
import io.opsproxy.operator.observe.PodReport.Link;
import io.opsproxy.operator.observe.PodView;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the pods of a peer prove about the peer. Pure functions. */
final class PeerFindings {
  private PeerFindings() {}

  /** How many pods run the configuration, at most as many as there should be. */
  static int programmed(int desired, String hash, List<PodView> pods) {
    return (int) Math.min(desired, pods.stream().filter(pod -> pod.runs(hash)).count());
  }

  /**
   * Every desired replica runs this configuration; nothing else will do.
   *
   * @param stuck why the cluster makes no pods; empty when it does
   */
  static Finding programmed(int desired, String hash, List<PodView> pods, String stuck) {
    int programmed = programmed(desired, hash, pods);
    if (programmed == desired) {
      return Finding.of(
          ConditionType.PROGRAMMED,
          Reason.PROGRAMMED,
          programmed + " of " + desired + " pods run configuration " + brief(hash));
    }
    List<String> lagging = new ArrayList<>();
    Reason reason = Reason.PODS_LAG;
    for (PodView pod : pods) {
      if (!pod.runs(hash)) {
        lagging.add("pod " + pod.name() + " " + state(pod));
        if (pod.report().isPresent() && !pod.report().get().errors().isEmpty()) {
          reason = Reason.CONFIG_REFUSED;
        }
      }
    }
    if (pods.size() < desired) {
      String missing = desired - pods.size() + " of " + desired + " pods do not exist";
      lagging.add(stuck.isEmpty() ? missing : missing + ": " + stuck);
      reason = reason == Reason.PODS_LAG ? Reason.PODS_NOT_STARTED : reason;
    }
    return Finding.of(
        ConditionType.PROGRAMMED,
        reason,
        programmed
            + " of "
            + desired
            + " pods run configuration "
            + brief(hash)
            + "; "
            + String.join("; ", lagging));
  }

  /** Why a pod does not count. */
  private static String state(PodView pod) {
    if (!pod.waiting().isEmpty()) {
      return "waits: " + pod.waiting();
    }
    if (!pod.silence().isEmpty()) {
      return "does not answer: " + pod.silence();
    }
    if (pod.report().isEmpty()) {
      return "has not answered yet";
    }
    PodReport report = pod.report().get();
    return report.errors().isEmpty()
        ? "runs " + brief(report.hash())
        : "refused the configuration: " + String.join(", ", report.errors());
  }

  private static String brief(String hash) {
    return hash.length() > 12 ? hash.substring(0, 12) : hash;
  }

  /**
   * The links to remote peers over all pods that have answered.
   *
   * @param before those of the present status, for the time since when; may be empty
   */
  static List<RemotePeerStatus> remotes(
      List<String> addresses, List<PodView> pods, List<RemotePeerStatus> before, Instant now) {
    List<PodReport> reports = reports(pods);
    List<RemotePeerStatus> remotes = new ArrayList<>();
    for (String address : addresses) {
      int connected = 0;
      Set<String> errors = new TreeSet<>();
      for (PodReport report : reports) {
        boolean up = false;
        for (Link link : report.links()) {
          if (link.dialled() && link.address().equals(address)) {
            up |= link.connected();
            if (!link.error().isEmpty()) {
              errors.add(link.error());
            }
          }
        }
        connected += up ? 1 : 0;
      }
      LinkState state =
          reports.isEmpty()
              ? LinkState.UNKNOWN
              : connected == reports.size()
                  ? LinkState.CONNECTED
                  : connected == 0 ? LinkState.DISCONNECTED : LinkState.PARTIAL;
      Optional<RemotePeerStatus> old =
          before.stream().filter(one -> one.address().equals(address)).findFirst();
      remotes.add(
          new RemotePeerStatus(
              address,
              state,
              old.isPresent() && old.get().state() == state
                  ? old.get().since()
                  : now.truncatedTo(ChronoUnit.SECONDS).toString(),
              errors.isEmpty() || state == LinkState.CONNECTED ? null : String.join("; ", errors)));
    }
    return remotes;
  }

  /** The sum over all remote peers, with what replicas cannot share. */
  static Finding connected(List<RemotePeerStatus> remotes, int replicas, List<PodView> pods) {
    String unshared = unshared(replicas, pods);
    if (remotes.isEmpty()) {
      return Finding.of(
          ConditionType.CONNECTED,
          Reason.NO_REMOTE_PEERS,
          Reason.NO_REMOTE_PEERS.meaning() + unshared);
    }
    List<String> missing =
        remotes.stream()
            .filter(
                one -> one.state() == LinkState.DISCONNECTED || one.state() == LinkState.PARTIAL)
            .map(
                one ->
                    one.address()
                        + (one.state() == LinkState.PARTIAL ? " (from some pods)" : "")
                        + (one.message() == null ? "" : ": " + one.message()))
            .toList();
    if (!missing.isEmpty()) {
      return Finding.of(
          ConditionType.CONNECTED,
          Reason.DISCONNECTED,
          "no link to " + String.join("; ", missing) + unshared);
    }
    if (remotes.stream().anyMatch(one -> one.state() == LinkState.UNKNOWN)) {
      return Finding.of(ConditionType.CONNECTED, Reason.PENDING, "no pod has answered yet");
    }
    return Finding.of(
        ConditionType.CONNECTED,
        Reason.CONNECTED,
        "every pod has a link to all " + remotes.size() + " remote peers" + unshared);
  }

  /**
   * Names of peers that dialled in and reached some replicas only: protocol v1 has no way to share
   * them, so clients that reach another replica do not find them.
   */
  private static String unshared(int replicas, List<PodView> pods) {
    List<PodReport> reports = reports(pods);
    if (replicas < 2 || reports.size() < 2) {
      return "";
    }
    Map<String, Integer> holders = new HashMap<>();
    for (PodReport report : reports) {
      Set<String> names = new TreeSet<>();
      report.links().forEach(link -> names.addAll(link.names()));
      names.forEach(name -> holders.merge(name, 1, Integer::sum));
    }
    List<String> partial =
        holders.entrySet().stream()
            .filter(one -> one.getValue() < reports.size())
            .map(Map.Entry::getKey)
            .sorted()
            .toList();
    if (partial.isEmpty()) {
      return "";
    }
    int shown = Math.min(5, partial.size());
    return "; only some of the "
        + reports.size()
        + " replicas hold "
        + String.join(", ", partial.subList(0, shown))
        + (partial.size() > shown ? " and " + (partial.size() - shown) + " more" : "")
        + ": their peers dialled in through a balanced address and reached those replicas; let them"
        + " dial every replica, or set replicas to 1";
  }

  private static List<PodReport> reports(List<PodView> pods) {
    return pods.stream()
        .filter(pod -> pod.ready() && pod.silence().isEmpty())
        .map(PodView::report)
        .flatMap(Optional::stream)
        .toList();
  }
}
