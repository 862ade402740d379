package io.opsproxy.operator.peer;

import io.opsproxy.operator.observe.PodView;
import io.opsproxy.operator.render.Attachment;
import io.opsproxy.operator.render.ObjectKey;
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
        || !before.pods().equals(outcome.pods())
        || !before.addresses().equals(outcome.addresses())
        || before.proxyPort() != outcome.proxyPort()) {
      return outcome.services().keySet();
    }
    Set<ObjectKey> changed = new HashSet<>();
    outcome
        .services()
        .forEach(
            (key, attachment) -> {
              if (!Objects.equals(attachment, before.services().get(key))) {
                changed.add(key);
              }
            });
    return changed;
  }

  void remove(ObjectKey peer) {
    byPeer.remove(peer);
  }
}
