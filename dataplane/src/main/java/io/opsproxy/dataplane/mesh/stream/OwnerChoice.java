package io.opsproxy.dataplane.mesh.stream;

import io.opsproxy.dataplane.mesh.names.Advertisement;
import io.opsproxy.dataplane.mesh.names.LinkedPeer;
import io.opsproxy.dataplane.mesh.names.OwnedName;
import io.opsproxy.dataplane.mesh.names.Peers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Which owner of a name is asked for the next connection: each peer in its turn, by the best of its
 * links; then other links; and those that let a request time out after all others. Any thread.
 */
final class OwnerChoice {
  private final OwnedName<StreamOwner> owned;
  private final Peers peers;
  private final AtomicInteger turn = new AtomicInteger();
  private volatile Shares shares = new Shares(List.of(), -1, List.of());

  /** The links of one peer that tell the name. */
  private static final class Share {
    private final List<StreamOwner> dialled = new ArrayList<>(1);
    private final List<StreamOwner> accepted = new ArrayList<>(1);

    /** The link that stands for the peer now; null when none can. */
    StreamOwner best(int turn) {
      for (StreamOwner owner : dialled) {
        if (isGood(owner)) {
          return owner;
        }
      }
      for (int i = 0; i < accepted.size(); i++) {
        StreamOwner owner = accepted.get(Math.floorMod(turn + i, accepted.size()));
        if (isGood(owner) && !owner.standing().isOvertaken()) {
          return owner;
        }
      }
      return null;
    }
  }

  private record Shares(
      List<Advertisement<StreamOwner>> of, long version, List<Share> inTheirTurn) {}

  OwnerChoice(OwnedName<StreamOwner> owned, Peers peers) {
    this.owned = owned;
    this.peers = peers;
  }

  /**
   * @param tried by this connection before
   * @return null when nobody is left
   */
  StreamOwner next(Collection<StreamOwner> tried) {
    // a retry takes no turn: of two owners the failing one would get every first attempt
    int first = tried.isEmpty() ? turn.getAndIncrement() : turn.get();
    List<Share> all = shares().inTheirTurn;
    for (int i = 0; i < all.size(); i++) {
      StreamOwner owner = all.get(Math.floorMod(first + i, all.size())).best(first / all.size());
      if (owner != null && !tried.contains(owner)) {
        return owner;
      }
    }
    StreamOwner owner = any(first, one -> isGood(one) && !tried.contains(one));
    return owner != null ? owner : any(first, one -> one.isUsable() && !tried.contains(one));
  }

  private static boolean isGood(StreamOwner owner) {
    return owner.isUsable() && !owner.standing().isDoubted();
  }

  private StreamOwner any(int first, Predicate<StreamOwner> allowed) {
    List<Advertisement<StreamOwner>> all = owned.advertisements();
    for (int i = 0; i < all.size(); i++) {
      StreamOwner owner = all.get(Math.floorMod(first + i, all.size())).owner();
      if (allowed.test(owner)) {
        return owner;
      }
    }
    return null;
  }

  private Shares shares() {
    Shares now = shares;
    long version = peers.version();
    List<Advertisement<StreamOwner>> of = owned.advertisements();
    if (now.of != of || now.version != version) {
      now = new Shares(of, version, shares(of));
      shares = now;
    }
    return now;
  }

  private static List<Share> shares(List<Advertisement<StreamOwner>> advertisements) {
    Map<Object, Share> ofPeer = new LinkedHashMap<>();
    for (Advertisement<StreamOwner> one : advertisements) {
      StreamOwner owner = one.owner();
      LinkedPeer peer = owner.standing().peer();
      Share share = ofPeer.computeIfAbsent(peer == null ? owner : peer, p -> new Share());
      // the newest first
      (owner.origin().isDialled() ? share.dialled : share.accepted).add(0, owner);
    }
    return List.copyOf(ofPeer.values());
  }
}
