package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.render.Attachment.Served;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes the configuration of a peer from all that fit into it. What makes the whole be refused is
 * found object by object: the oldest that fit stay, and the first that does not is refused with the
 * reason, so that one object never stops what belongs to others.
 */
final class Fitting {
  /** Of ports that objects ask for; a Service and a NetworkPolicy list each of them. */
  private static final int MAX_LISTENERS = 1_000;

  /** So many objects are sought out one by one; what comes after them is refused together. */
  private static final int MAX_CULPRITS = 32;

  private final ProxyPeer peer;
  private final List<Proposal> proposals;
  private final RemotePeers remotes;
  private final Trust trust;
  private final Site site;

  /**
   * A configuration that holds.
   *
   * @param attachments of all objects
   * @param served by key of the object
   * @param maps the first is what the pods mount
   */
  record Fit(
      SortedMap<ObjectKey, Attachment> attachments,
      List<Served> served,
      Map<String, String> files,
      String yaml,
      List<ConfigMap> maps) {}

  /** Why a configuration does not hold. */
  private static final class Unfit extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    Unfit(Reason reason, String message) {
      super(message, null, false, false);
      this.reason = reason;
    }

    Finding finding() {
      return Finding.of(ConditionType.ACCEPTED, reason, getMessage());
    }
  }

  /**
   * @param proposals oldest first
   */
  Fitting(ProxyPeer peer, List<Proposal> proposals, RemotePeers remotes, Trust trust, Site site) {
    this.peer = peer;
    this.proposals = proposals;
    this.remotes = remotes;
    this.trust = trust;
    this.site = site;
  }

  /**
   * Finds it.
   *
   * @throws RefusedSpec when the spec of the peer itself is refused
   */
  Fit fit() {
    Map<ObjectKey, Finding> refused = new HashMap<>();
    for (int culprits = 1; ; culprits++) {
      try {
        return attempt(refused);
      } catch (Unfit whole) {
        List<ObjectKey> served = served(refused);
        int first = firstUnfit(served, refused, whole);
        Finding finding = problem(served, first, refused).orElse(whole).finding();
        boolean together = finding.reason() == Reason.TOO_LARGE || culprits == MAX_CULPRITS;
        served
            .subList(first - 1, together ? served.size() : first)
            .forEach(key -> refused.put(key, finding));
      }
    }
  }

  /** All objects as they stand to each other, whatever comes of the whole. */
  static SortedMap<ObjectKey, Attachment> decide(
      ProxyPeer peer, List<Proposal> proposals, Map<ObjectKey, Finding> refused, Site site) {
    Claims claims = new Claims(peer, site);
    SortedMap<ObjectKey, Attachment> attachments = new TreeMap<>();
    for (Proposal proposal : proposals) {
      attachments.put(
          proposal.key(),
          claims.decide(proposal, Optional.ofNullable(refused.get(proposal.key()))));
    }
    return attachments;
  }

  /** Those that have something served, oldest first. */
  private List<ObjectKey> served(Map<ObjectKey, Finding> refused) {
    SortedMap<ObjectKey, Attachment> attachments = decide(peer, proposals, refused, site);
    return proposals.stream()
        .map(Proposal::key)
        .filter(key -> attachments.get(key).served().isPresent())
        .toList();
  }

  /** How many of the oldest do not hold together any more; those before them do. */
  private int firstUnfit(List<ObjectKey> served, Map<ObjectKey, Finding> refused, Unfit whole) {
    if (problem(served, 0, refused).isPresent()) {
      throw new RefusedSpec("spec", whole.getMessage());
    }
    int holds = 0;
    int unfit = served.size();
    while (unfit - holds > 1) {
      int middle = (holds + unfit) >>> 1;
      if (problem(served, middle, refused).isPresent()) {
        unfit = middle;
      } else {
        holds = middle;
      }
    }
    return unfit;
  }

  /** What is wrong with a configuration of the oldest alone. */
  private Optional<Unfit> problem(
      List<ObjectKey> served, int count, Map<ObjectKey, Finding> refused) {
    Map<ObjectKey, Finding> without = new HashMap<>(refused);
    Finding left = Finding.of(ConditionType.ACCEPTED, Reason.TOO_LARGE);
    served.subList(count, served.size()).forEach(key -> without.put(key, left));
    try {
      attempt(without);
      return Optional.empty();
    } catch (Unfit e) {
      return Optional.of(e);
    }
  }

  private Fit attempt(Map<ObjectKey, Finding> refused) throws Unfit {
    SortedMap<ObjectKey, Attachment> attachments = decide(peer, proposals, refused, site);
    List<Served> served =
        attachments.values().stream().map(Attachment::served).flatMap(Optional::stream).toList();
    int listeners = ServicePorts.listeners(served).size();
    if (listeners > MAX_LISTENERS) {
      throw new Unfit(
          Reason.TOO_LARGE,
          "the peer has "
              + MAX_LISTENERS
              + " listenerPorts already; go without one, or attach the object to another ProxyPeer");
    }
    Map<String, String> files = new TreeMap<>(trust.files());
    attachments
        .values()
        .forEach(one -> one.route().ifPresent(route -> files.putAll(route.files())));
    try {
      String yaml = PeerConfig.yaml(peer, remotes.dialled(), trust, served, site);
      return new Fit(
          attachments,
          served,
          files,
          yaml,
          ConfigMaps.of(peer, yaml, files, remotes.addresses(), served));
    } catch (RefusedSpec e) {
      throw new Unfit(Reason.INVALID_SPEC, e.getMessage());
    } catch (ConfigMaps.TooLarge e) {
      throw new Unfit(Reason.TOO_LARGE, e.getMessage());
    }
  }
}
