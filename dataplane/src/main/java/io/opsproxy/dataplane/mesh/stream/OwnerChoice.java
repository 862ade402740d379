package io.opsproxy.dataplane.mesh.stream;

import io.opsproxy.dataplane.mesh.names.Advertisement;
import io.opsproxy.dataplane.mesh.names.LinkedPeer;
import io.opsproxy.dataplane.mesh.names.OwnedName;
import io.opsproxy.dataplane.mesh.names.Peers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which owner of a name is asked for the next connection: each peer that serves it in its turn, by
 * the best of the links to it, or by the shortest way through others where there is none; then
 * other links; and those that let a request time out after all others. Any thread.
 */
final class OwnerChoice {
  private final OwnedName<StreamOwner> owned;
  private final Peers peers;
  private final AtomicInteger turn = new AtomicInteger();
  private volatile Shares shares = new Shares(List.of(), -1, List.of());

  /** The ways to one peer that serves the name. */
  private static final class Share {
    private final List<Advertisement<StreamOwner>> dialled = new ArrayList<>(1);
    private final List<Advertisement<StreamOwner>> accepted = new ArrayList<>(1);
    private final List<Advertisement<StreamOwner>> passed = new ArrayList<>(1);
    private int weight = 1;

    private void add(Advertisement<StreamOwner> way) {
      weight = Math.max(weight, way.weight());
      if (way.route().passed()) {
        passed.add(way);
        passed.sort(SHORTEST_FIRST);
      } else {
        // the newest first
        (way.owner().origin().isDialled() ? dialled : accepted).add(0, way);
      }
    }

    /** The way that stands for the peer now; null when none can. */
    Advertisement<StreamOwner> best(int turn) {
      for (Advertisement<StreamOwner> way : dialled) {
        if (isGood(way)) {
          return way;
        }
      }
      for (int i = 0; i < accepted.size(); i++) {
        Advertisement<StreamOwner> way = accepted.get(Math.floorMod(turn + i, accepted.size()));
        if (isGood(way) && !way.owner().standing().isOvertaken()) {
          return way;
        }
      }
      for (Advertisement<StreamOwner> way : passed) {
        if (isGood(way)) {
          return way;
        }
      }
      return null;
    }
  }

  private static final Comparator<Advertisement<StreamOwner>> SHORTEST_FIRST =
      Comparator.comparingInt(way -> way.route().path().size());

  private record Shares(
      List<Advertisement<StreamOwner>> of, long version, List<Share> inTheirTurn) {}

  OwnerChoice(OwnedName<StreamOwner> owned, Peers peers) {
    this.owned = owned;
    this.peers = peers;
  }

  /**
   * For a connection that begins at this peer.
   *
   * @param tried by this connection before
   * @return null when nobody is left
   */
  Advertisement<StreamOwner> next(Collection<Advertisement<StreamOwner>> tried) {
    // a retry takes no turn: of two owners the failing one would get every first attempt
    int first = tried.isEmpty() ? turn.getAndIncrement() : turn.get();
    List<Share> all = shares().inTheirTurn;
    for (int i = 0; i < all.size(); i++) {
      Advertisement<StreamOwner> way =
          all.get(Math.floorMod(first + i, all.size())).best(first / all.size());
      if (way != null && !tried.contains(way)) {
        return way;
      }
    }
    Advertisement<StreamOwner> way = any(first, one -> isGood(one) && !tried.contains(one));
    return way != null ? way : any(first, one -> one.owner().isUsable() && !tried.contains(one));
  }

  /**
   * For a connection that another peer brought: the shortest way to the one that it is for, past
   * nobody who had it before.
   */
  Advertisement<StreamOwner> next(Passage passage, Collection<Advertisement<StreamOwner>> tried) {
    List<Advertisement<StreamOwner>> ways =
        owned.advertisements().stream()
            .filter(way -> leads(way, passage) && !tried.contains(way) && way.owner().isUsable())
            .sorted(SHORTEST_FIRST)
            .toList();
    return ways.stream()
        .filter(OwnerChoice::isGood)
        .findFirst()
        .orElse(ways.isEmpty() ? null : ways.get(0));
  }

  private static boolean leads(Advertisement<StreamOwner> way, Passage passage) {
    return way.identity().orElse(Passage.NOBODY).equals(passage.owner())
        && way.hops().size() <= passage.left()
        && way.hops().stream().noneMatch(passage.visited()::contains)
        && !(passage.fromReplica() && way.route().shared());
  }

  private static boolean isGood(Advertisement<StreamOwner> way) {
    return way.owner().isUsable() && !way.owner().standing().isDoubted();
  }

  private Advertisement<StreamOwner> any(int first, Predicate<Advertisement<StreamOwner>> allowed) {
    List<Advertisement<StreamOwner>> all = owned.advertisements();
    for (int i = 0; i < all.size(); i++) {
      Advertisement<StreamOwner> way = all.get(Math.floorMod(first + i, all.size()));
      if (allowed.test(way)) {
        return way;
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
    Set<Optional<String>> linked =
        advertisements.stream()
            .filter(one -> !one.route().passed())
            .map(Advertisement::identity)
            .collect(Collectors.toSet());
    Map<Object, Share> ofPeer = new LinkedHashMap<>();
    for (Advertisement<StreamOwner> one : advertisements) {
      // who is linked is asked directly; other ways to it are for when its links cannot be used
      if (!one.route().passed() || !linked.contains(one.identity())) {
        ofPeer.computeIfAbsent(peer(one), p -> new Share()).add(one);
      }
    }
    return inTurn(List.copyOf(ofPeer.values()));
  }

  private static Object peer(Advertisement<StreamOwner> one) {
    if (one.route().passed() && one.identity().isPresent()) {
      return one.identity().get();
    }
    LinkedPeer peer = one.owner().standing().peer();
    return peer == null ? one.owner() : peer;
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
