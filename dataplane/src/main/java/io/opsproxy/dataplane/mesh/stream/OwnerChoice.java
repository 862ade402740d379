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
    private int weight = 1;

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
      share.weight = Math.max(share.weight, one.weight());
      // the newest first
      (owner.origin().isDialled() ? share.dialled : share.accepted).add(0, owner);
    }
    return inTurn(List.copyOf(ofPeer.values()));
  }

  /** Each as often as its weight says, spread out; each once where all weigh the same. */
  private static List<Share> inTurn(List<Share> all) {
    int least = all.stream().mapToInt(share -> share.weight).min().orElse(1);
    if (all.stream().allMatch(share -> share.weight == least)) {
      return all;
    }
    int sum = all.stream().mapToInt(share -> share.weight).sum();
    int[] credit = new int[all.size()];
    List<Share> turns = new ArrayList<>(sum);
    for (int turn = 0; turn < sum; turn++) {
      int next = 0;
      for (int i = 0; i < credit.length; i++) {
        credit[i] += all.get(i).weight;
        next = credit[i] > credit[next] ? i : next;
      }
      credit[next] -= sum;
      turns.add(all.get(next));
    }
    return List.copyOf(turns);
  }
}
