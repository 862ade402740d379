package io.opsproxy.operator.peer;

import io.opsproxy.operator.observe.PodView;
import io.opsproxy.operator.render.Attachment;
import io.opsproxy.operator.render.ObjectKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the last look at each peer found out about the objects that it serves. Written when a peer
 * is reconciled, read when an ExposedService is; each of the two writes only its own status.
 * Thread-safe.
 */
public final class Outcomes {
  /**
   * One look at one peer.
   *
   * @param services by object
   * @param pods of the peer
   * @param history what recent configurations of the peer hold
   * @param addresses where the peer is reached, without ports
   * @param proxyPort of the peer
   */
  public record Outcome(
      Map<ObjectKey, Attachment> services,
      List<PodView> pods,
      ConfigHistory history,
      List<String> addresses,
      int proxyPort) {}

  private final Map<ObjectKey, Outcome> byPeer = new ConcurrentHashMap<>();

  public Optional<Outcome> of(ObjectKey peer) {
    return Optional.ofNullable(byPeer.get(peer));
  }

  /** Takes the newest; says which objects may have a new status because of it. */
  Set<ObjectKey> put(ObjectKey peer, Outcome outcome) {
    Outcome before = byPeer.put(peer, outcome);
    if (before == null
        || !before.addresses().equals(outcome.addresses())
        || before.proxyPort() != outcome.proxyPort()) {
      return outcome.services().keySet();
    }
    boolean samePods = before.pods().equals(outcome.pods());
    Set<ObjectKey> changed = new HashSet<>();
    outcome
        .services()
        .forEach(
            (key, attachment) -> {
              Attachment old = before.services().get(key);
              if (!Objects.equals(attachment, old)
                  || (!samePods && !told(before, old).equals(told(outcome, attachment)))) {
                changed.add(key);
              }
            });
    return changed;
  }

  /**
   * What the pods say of one object: of thousands that a pod serves, a change of its configuration
   * is news of those that the change was about.
   */
  private static List<Object> told(Outcome outcome, Attachment attachment) {
    List<Object> told = new ArrayList<>();
    for (PodView pod : outcome.pods()) {
      told.add(pod.name());
      told.add(pod.ready());
      told.add(pod.report().isPresent());
      if (pod.report().isPresent() && attachment.served().isPresent()) {
        Attachment.Served served = attachment.served().get();
        told.add(outcome.history().holds(pod.report().get().hash(), served));
        told.add(
            String.valueOf(
                pod.report().get().endpoints().get(served.service().names().get(0).value())));
      }
    }
    attachment
        .served()
        .ifPresent(served -> told.addAll(PodView.refusals(served.names(), outcome.pods())));
    return told;
  }

  void remove(ObjectKey peer) {
    byPeer.remove(peer);
  }
}
