package io.opsproxy.dataplane.mesh.stream;

import io.opsproxy.dataplane.mesh.names.Advertisement;
import io.opsproxy.dataplane.mesh.names.OwnedName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Which owner of a name is asked for the next connection: each in its turn. Any thread. */
final class OwnerChoice {
  private final OwnedName<StreamOwner> owned;
  private final AtomicInteger turn = new AtomicInteger();

  OwnerChoice(OwnedName<StreamOwner> owned) {
    this.owned = owned;
  }

  /**
   * @param tried by this connection before
   * @return null when nobody is left
   */
  StreamOwner next(Collection<StreamOwner> tried) {
    // a retry takes no turn: of two owners the failing one would get every first attempt
    int first = tried.isEmpty() ? turn.getAndIncrement() : turn.get();
    List<StreamOwner> all = owned.advertisements().stream().map(Advertisement::owner).toList();
    // two links to one peer have one share
    Map<String, StreamOwner> ofPeer = new LinkedHashMap<>();
    all.forEach(owner -> ofPeer.putIfAbsent(owner.label(), owner));
    StreamOwner next = pick(List.copyOf(ofPeer.values()), first, tried);
    return next != null ? next : pick(all, first, tried);
  }

  private static StreamOwner pick(
      List<StreamOwner> from, int first, Collection<StreamOwner> tried) {
    for (int i = 0; i < from.size(); i++) {
      StreamOwner owner = from.get(Math.floorMod(first + i, from.size()));
      if (owner.isUsable() && !tried.contains(owner)) {
        return owner;
      }
    }
    return null;
  }
}
