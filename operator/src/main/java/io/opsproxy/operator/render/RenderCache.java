package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.api.v1alpha1.ProxyPeerSpec;
import io.opsproxy.operator.render.RecordingLookup.Asked;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was rendered of a peer last, so that only what changed is rendered anew: of an object, when
 * it or what it refers to is another one; of the peer, when one of its objects is. Not thread-safe.
 */
public final class RenderCache {
  private Map<ObjectKey, Entry> entries = new HashMap<>();
  private ProxyPeerSpec spec;
  private String uid;
  private Whole whole;

  private record Entry(ExposedService service, List<Asked> asked, Proposal proposal) {}

  /** All that the rendering of a peer depends on, and what came of it. */
  private record Whole(
      List<Proposal> proposals,
      RemotePeers remotes,
      Trust trust,
      Set<OptionalKind> kinds,
      Options options,
      Rendered rendered) {}

  /** What the objects propose, in their order. */
  List<Proposal> proposals(
      ProxyPeer peer, List<ExposedService> services, Lookup lookup, Site site) {
    if (!peer.getSpec().equals(spec) || !String.valueOf(peer.getMetadata().getUid()).equals(uid)) {
      entries = new HashMap<>();
      whole = null;
      spec = peer.getSpec();
      uid = String.valueOf(peer.getMetadata().getUid());
    }
    RecordingLookup recording = new RecordingLookup(lookup);
    ExposedRoutes routes = new ExposedRoutes(peer, recording, site);
    Map<ObjectKey, Entry> next = new HashMap<>(services.size() * 2);
    List<Proposal> proposals = new ArrayList<>(services.size());
    for (ExposedService service : services) {
      ObjectKey key = ObjectKey.of(service);
      Entry entry = entries.get(key);
      if (entry == null || !holds(entry, service, lookup)) {
        Proposal proposal = routes.propose(service);
        entry = new Entry(service, recording.take(), proposal);
      }
      next.put(key, entry);
      proposals.add(entry.proposal());
    }
    entries = next;
    return proposals;
  }

  @SuppressWarnings("ReferenceEquality") // Objects of a cache are replaced, never changed.
  private static boolean holds(Entry entry, ExposedService service, Lookup lookup) {
    boolean same =
        entry.service() == service
            || (service.getMetadata().getUid() != null
                && service.getMetadata().getUid().equals(entry.service().getMetadata().getUid())
                && service
                    .getMetadata()
                    .getGeneration()
                    .equals(entry.service().getMetadata().getGeneration()));
    return same && entry.asked().stream().allMatch(asked -> asked.holds(lookup));
  }

  /** What was rendered last, if it was from just this; else null. */
  @SuppressWarnings("ReferenceEquality") // A proposal that was not made anew is the same object.
  Rendered rendered(
      List<Proposal> proposals,
      RemotePeers remotes,
      Trust trust,
      Set<OptionalKind> kinds,
      Options options) {
    if (whole == null
        || whole.proposals().size() != proposals.size()
        || !whole.remotes().equals(remotes)
        || !whole.trust().equals(trust)
        || !whole.kinds().equals(kinds)
        || !whole.options().equals(options)) {
      return null;
    }
    for (int i = 0; i < proposals.size(); i++) {
      if (whole.proposals().get(i) != proposals.get(i)) {
        return null;
      }
    }
    return whole.rendered();
  }

  /** Keeps what was rendered from this. */
  void keep(
      List<Proposal> proposals,
      RemotePeers remotes,
      Trust trust,
      Set<OptionalKind> kinds,
      Options options,
      Rendered rendered) {
    whole = new Whole(proposals, remotes, trust, Set.copyOf(kinds), options, rendered);
  }
}
