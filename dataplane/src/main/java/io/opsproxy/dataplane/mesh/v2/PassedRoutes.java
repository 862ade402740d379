package io.opsproxy.dataplane.mesh.v2;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.mesh.names.Advertisement;
import io.opsproxy.dataplane.mesh.stream.Passage;
import io.opsproxy.dataplane.mesh.stream.StreamOwner;
import io.opsproxy.dataplane.trust.Claim;
import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names of other peers that one link is told of: of each name and peer that serves it the
 * shortest way, never back to where it came from (split horizon), and as much at a time as the
 * other side reads. On the link's loop, except what says otherwise.
 */
final class PassedRoutes {
  private static final Logger log = LoggerFactory.getLogger(PassedRoutes.class);
  private static final int MOST_AT_ONCE = 256;

  private final StreamOwner link;
  private final LinkRules rules;
  private final LongSupplier nextSeq;
  private final Consumer<Message> send;
  private final Map<HostName, List<Advertisement<StreamOwner>>> waiting = new LinkedHashMap<>();
  private final Map<HostName, Map<String, Advertisement<StreamOwner>>> told = new HashMap<>();

  /** The same as {@link #told}, for any thread. */
  private final Set<RouteKey> tellable = ConcurrentHashMap.newKeySet();

  /** The certificates of {@link #told} and {@link #proven}, as the other side knows them. */
  private final Map<List<X509Certificate>, Integer> numbers = new HashMap<>();

  private int numberedBytes;
  private boolean swept;
  private boolean crowded;
  private List<X509Certificate> proven = List.of();

  /**
   * @param link names that came over it are not told to it
   * @param nextSeq gives the next sequence number
   */
  PassedRoutes(StreamOwner link, LinkRules rules, LongSupplier nextSeq, Consumer<Message> send) {
    this.link = link;
    this.rules = rules;
    this.nextSeq = nextSeq;
    this.send = send;
  }

  /** Something of these names has changed; {@link #tell} is to follow. */
  void changed(Map<HostName, List<Advertisement<StreamOwner>>> names) {
    waiting.putAll(names);
  }

  /**
   * Tells what waits.
   *
   * @return whether something still waits
   */
  boolean tell() {
    swept = false;
    Iterator<Map.Entry<HostName, List<Advertisement<StreamOwner>>>> next =
        waiting.entrySet().iterator();
    for (int i = 0; i < MOST_AT_ONCE && next.hasNext(); i++) {
      Map.Entry<HostName, List<Advertisement<StreamOwner>>> one = next.next();
      next.remove();
      tell(one.getKey(), one.getValue());
    }
    return !waiting.isEmpty();
  }

  /** Whether the other side was told, so that it may ask for a stream. Any thread. */
  boolean hasTold(HostName name, String owner) {
    return tellable.contains(new RouteKey(name, owner));
  }

  private void tell(HostName name, List<Advertisement<StreamOwner>> ways) {
    Map<String, Advertisement<StreamOwner>> now = best(name, ways);
    Map<String, Advertisement<StreamOwner>> before =
        told.computeIfAbsent(name, n -> new HashMap<>());
    for (String owner : List.copyOf(before.keySet())) {
      if (!now.containsKey(owner)) {
        takeBack(name, owner, before);
      }
    }
    now.forEach(
        (owner, way) -> {
          if (!isSame(way, before.get(owner)) && !tell(name, owner, way, before)) {
            takeBack(name, owner, before);
          }
        });
    if (before.isEmpty()) {
      told.remove(name);
    }
  }

  private void takeBack(
      HostName name, String owner, Map<String, Advertisement<StreamOwner>> before) {
    tellable.remove(new RouteKey(name, owner));
    if (before.remove(owner) != null) {
      send.accept(new Message.Remove(nextSeq.getAsLong(), name, owner));
    }
  }

  /** Whether the other side would hear nothing new. */
  private static boolean isSame(Advertisement<StreamOwner> way, Advertisement<StreamOwner> before) {
    return before != null
        && way.weight() == before.weight()
        && way.route().passed() == before.route().passed()
        && way.route().path().equals(before.route().path())
        && way.route().claim().equals(before.route().claim());
  }

  /** For each peer that serves the name, the shortest way of those that may be told. */
  private Map<String, Advertisement<StreamOwner>> best(
      HostName name, List<Advertisement<StreamOwner>> ways) {
    if (!rules.isReplica() && (!rules.isTransit() || rules.isServedHere(name))) {
      return Map.of();
    }
    Map<String, Advertisement<StreamOwner>> best = new HashMap<>();
    ways.stream()
        .filter(this::mayBeTold)
        .sorted(Comparator.comparingInt(way -> way.route().path().size()))
        .forEach(way -> best.putIfAbsent(way.identity().orElse(Passage.NOBODY), way));
    return best;
  }

  private boolean mayBeTold(Advertisement<StreamOwner> way) {
    if (way.owner() == link) {
      return false;
    }
    if (rules.isReplica()) {
      // all replicas are linked to each other: what one has told needs no other to tell it
      return !way.route().shared();
    }
    return way.route().claim().isPresent()
        && !way.hops().contains(rules.otherId())
        && !way.hops().contains(rules.ownId())
        && way.route().path().size() + 1 <= Passage.MOST_HOPS;
  }

  /** False when there is no room to tell its certificates. */
  private boolean tell(
      HostName name,
      String owner,
      Advertisement<StreamOwner> way,
      Map<String, Advertisement<StreamOwner>> before) {
    Optional<Claim> claim = way.route().claim();
    int number = claim.map(one -> number(one.chain())).orElse(0);
    if (number == 0 && !rules.isReplica()) {
      if (!crowded) {
        crowded = true;
        log.warn(
            "peer {} is not told all names: the certificates of their owners are larger than {} KiB"
                + " each, or more than {} or {} KiB in all",
            link.describe(),
            MessageCodec.MAX_CHAIN / 1024,
            MessageCodec.MAX_ORIGIN,
            MessageCodec.MAX_CHAINS / 1024);
      }
      return false;
    }
    List<String> path = new ArrayList<>();
    if (!rules.isReplica()) {
      path.add(rules.ownId());
    }
    path.addAll(way.route().path());
    before.put(owner, way);
    tellable.add(new RouteKey(name, owner));
    send.accept(
        number == 0
            ? new Message.Route(
                nextSeq.getAsLong(),
                name,
                0,
                owner,
                "",
                0,
                way.weight(),
                path,
                ByteBuffer.allocate(0))
            : route(claim.get(), number, path));
    return true;
  }

  private Message.Route route(Claim claim, int number, List<String> path) {
    return new Message.Route(
        nextSeq.getAsLong(),
        claim.name(),
        number,
        claim.owner(),
        claim.instance(),
        claim.issued().toEpochMilli(),
        claim.weight(),
        path,
        ByteBuffer.wrap(claim.signature()));
  }

  /** Of this peer's own names, the signatures that the other side may pass on. */
  void prove(List<Claim> own) {
    swept = false;
    for (Claim claim : own) {
      proven = claim.chain();
      int number = number(claim.chain());
      if (number != 0) {
        send.accept(route(claim, number, List.of()));
      }
    }
  }

  /** The number that the other side knows the certificates by; 0 when there is no room for them. */
  private int number(List<X509Certificate> chain) {
    Integer known = numbers.get(chain);
    if (known != null) {
      return known;
    }
    List<ByteBuffer> encoded = encoded(chain);
    int size = encoded.stream().mapToInt(ByteBuffer::remaining).sum();
    if (size > MessageCodec.MAX_CHAIN) {
      return 0;
    }
    if (!hasRoom(size) && !swept) {
      // at most once for all that is told together
      swept = true;
      sweep();
    }
    if (!hasRoom(size)) {
      return 0;
    }
    int number = 1;
    for (Set<Integer> taken = new HashSet<>(numbers.values()); taken.contains(number); ) {
      number++;
    }
    numbers.put(chain, number);
    numberedBytes += size;
    send.accept(new Message.Origin(number, encoded));
    return number;
  }

  private boolean hasRoom(int size) {
    return numbers.size() < MessageCodec.MAX_ORIGIN
        && numberedBytes + size <= MessageCodec.MAX_CHAINS;
  }

  /** Forgets certificates that nothing speaks of any more. */
  private void sweep() {
    Set<List<X509Certificate>> used = new HashSet<>(Set.of(proven));
    for (Map<String, Advertisement<StreamOwner>> ways : told.values()) {
      ways.values().forEach(way -> way.route().claim().ifPresent(one -> used.add(one.chain())));
    }
    numbers.keySet().retainAll(used);
    numberedBytes = 0;
    for (List<X509Certificate> chain : numbers.keySet()) {
      numberedBytes += encoded(chain).stream().mapToInt(ByteBuffer::remaining).sum();
    }
  }

  private static List<ByteBuffer> encoded(List<X509Certificate> chain) {
    List<ByteBuffer> encoded = new ArrayList<>();
    try {
      for (X509Certificate certificate : chain) {
        encoded.add(ByteBuffer.wrap(certificate.getEncoded()));
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read has no encoding", e);
    }
    return encoded;
  }
}
