package io.opsproxy.dataplane.mesh.names;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which links are to one and the same peer. What a peer calls itself is never the key, because
 * anybody may say it:
 *
 * <ul>
 *   <li>links that were dialled are of one peer when one address was dialled;
 *   <li>links that came in are of one peer when they came from one address and say the same name
 *       and the same address of themselves: so looks a peer that has come back while its old link
 *       is not known to be dead. The newest is then asked in place of the older ones, until one of
 *       those is heard from: then there are two peers, and they take turns from then on;
 *   <li>a link that came in is of a peer that was dialled when it came from the address that was
 *       dialled and says exactly what the peer there says. It is asked when no dialled link can be,
 *       so that a stranger on that machine gets nothing by saying the same;
 *   <li>a link whose peer says nothing of itself is a peer of its own.
 * </ul>
 *
 * <p>Whoever says what another says shares, or stands behind it; it never takes all. Any thread.
 */
public final class Peers {
  private static final Logger log = LoggerFactory.getLogger(Peers.class);

  /** Several peers that call themselves the same. */
  public record SharedName(String name, List<String> origins) {
    public SharedName {
      origins = List.copyOf(origins);
    }
  }

  private record Dialled(InetSocketAddress address) {}

  private record Seen(InetAddress source, Introduction words) {}

  private static final class Group {
    private final List<Owner> dialled = new ArrayList<>();
    private final List<Owner> accepted = new ArrayList<>();
  }

  private final List<Owner> newestFirst = new ArrayList<>();
  private Map<Object, LinkedPeer> peers = new HashMap<>();
  private Set<String> warned = Set.of();
  private volatile List<SharedName> sharedNames = List.of();
  private final AtomicLong version = new AtomicLong();

  /** The link is registered. */
  public synchronized void up(Owner owner) {
    newestFirst.add(0, owner);
    regroup();
  }

  /** The link, which is registered, says something else of itself. */
  public synchronized void introduced(Owner owner) {
    if (newestFirst.contains(owner)) {
      regroup();
    }
  }

  /** The link is gone, or is being left. */
  public synchronized void gone(Owner owner) {
    if (newestFirst.remove(owner)) {
      regroup();
    }
  }

  /** Another one whenever a link may be of another peer than before. */
  public long version() {
    return version.get();
  }

  /** Names that several peers call themselves now. */
  public List<SharedName> sharedNames() {
    return sharedNames;
  }

  private void regroup() {
    Map<Object, Group> groups = groups();
    Map<Object, LinkedPeer> next = new HashMap<>();
    groups.forEach(
        (key, group) -> {
          LinkedPeer before = peers.get(key);
          LinkedPeer peer = before == null ? new LinkedPeer() : before;
          next.put(key, peer);
          peer.contested(peer.isContested() && group.accepted.size() > 1);
          group.dialled.forEach(owner -> owner.standing().peer(peer, false));
          for (int i = 0; i < group.accepted.size(); i++) {
            group.accepted.get(i).standing().peer(peer, i > 0);
          }
        });
    peers = next;
    version.incrementAndGet();
    compareNames(groups.values());
  }

  private Map<Object, Group> groups() {
    Map<Object, Group> groups = new LinkedHashMap<>();
    Map<Seen, Dialled> words = new HashMap<>();
    for (Owner owner : newestFirst) {
      if (owner.origin().isDialled()) {
        Dialled key = new Dialled(owner.origin().remote());
        groups.computeIfAbsent(key, k -> new Group()).dialled.add(owner);
        seen(owner).ifPresent(said -> words.putIfAbsent(said, key));
      }
    }
    for (Owner owner : newestFirst) {
      if (!owner.origin().isDialled()) {
        Optional<Seen> said = seen(owner);
        Object key = said.isEmpty() ? owner : said.get();
        Dialled same = said.map(words::get).orElse(null);
        groups.computeIfAbsent(same == null ? key : same, k -> new Group()).accepted.add(owner);
      }
    }
    return groups;
  }

  private static Optional<Seen> seen(Owner owner) {
    InetAddress address = owner.origin().remote().getAddress();
    return owner.introduction().map(words -> new Seen(address, words));
  }

  private void compareNames(Iterable<Group> groups) {
    Map<String, List<Owner>> byName = new TreeMap<>();
    for (Group group : groups) {
      Owner any = group.dialled.isEmpty() ? group.accepted.get(0) : group.dialled.get(0);
      any.introduction()
          .ifPresent(
              words -> byName.computeIfAbsent(words.name(), n -> new ArrayList<>()).add(any));
    }
    // replicas of one peer share a verified id, and nobody else can have it
    byName.values().removeIf(owners -> owners.stream().allMatch(one -> one.identity().isPresent()));
    byName.values().removeIf(Peers::maybeOnePeer);
    sharedNames =
        byName.entrySet().stream()
            .map(entry -> new SharedName(entry.getKey(), origins(entry.getValue())))
            .toList();
    for (SharedName shared : sharedNames) {
      if (!warned.contains(shared.name())) {
        log.warn(
            "several peers call themselves {}: {}. Connections are shared between them; give each a"
                + " peer.peer_name of its own",
            shared.name(),
            String.join(" and ", shared.origins()));
      }
    }
    warned = new HashSet<>(byName.keySet());
  }

  private static List<String> origins(List<Owner> owners) {
    return owners.stream()
        .map(
            owner ->
                owner.origin().text()
                    + owner
                        .introduction()
                        .map(words -> " (to be dialled at " + words.address() + ")")
                        .orElse(""))
        .sorted()
        .collect(Collectors.toList());
  }

  /**
   * One, or one entry of the configuration with several addresses that all say the same: a machine
   * with an IPv4 and an IPv6 address, perhaps.
   */
  private static boolean maybeOnePeer(List<Owner> owners) {
    Owner first = owners.get(0);
    return owners.size() == 1
        || owners.stream()
            .allMatch(
                owner ->
                    owner.origin().isDialled()
                        && owner.origin().entry().equals(first.origin().entry())
                        && owner.introduction().equals(first.introduction()));
  }
}
