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
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The names of other peers that one link is told of: of each name and peer that serves it the
 * shortest way, never back to where it came from (split horizon), and as much at a time as the
 * other side reads. On the link's loop, except what says otherwise.
 */
final class PassedRoutes {
  private static final int MOST_AT_ONCE = 256;

  /** Certificates of one owner must fit into a frame. */
  private static final int MOST_CERTIFICATES = 48 * 1024;

  /** What a link needs of its surroundings. */
  interface Rules {
    /** Whether the other side is a replica of this peer. */
    boolean isReplica();

    /** Whether names of others may be told to who is no replica. */
    boolean isTransit();

    /** Whether this peer serves the name itself. */
    boolean isServedHere(HostName name);

    /** The id of this peer. */
    String ownId();

    /** The id of the other side. */
    String otherId();

    /** The next sequence number. */
    long nextSeq();
  }

  private final StreamOwner link;
  private final Rules rules;
  private final Consumer<Message> send;
  private final Map<HostName, List<Advertisement<StreamOwner>>> waiting = new LinkedHashMap<>();
  private final Map<HostName, Map<String, Advertisement<StreamOwner>>> told = new HashMap<>();

  /** The same as {@link #told}, for any thread. */
  private final Set<RouteKey> tellable = ConcurrentHashMap.newKeySet();

  private final Map<List<X509Certificate>, Integer> numbers = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param link names that came over it are not told to it
   */
  PassedRoutes(StreamOwner link, Rules rules, Consumer<Message> send) {
    this.link = link;
    this.rules = rules;
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
    Map<String, Advertisement<StreamOwner>> before = told.getOrDefault(name, Map.of());
    Map<String, Advertisement<StreamOwner>> now = best(name, ways);
    for (String owner : before.keySet()) {
      if (!now.containsKey(owner)) {
        tellable.remove(new RouteKey(name, owner));
        send.accept(new Message.Remove(rules.nextSeq(), name, owner));
      }
    }
    now.forEach(
        (owner, way) -> {
          if (!isSame(way, before.get(owner))) {
            tellable.add(new RouteKey(name, owner));
            tell(name, owner, way);
          }
        });
    if (now.isEmpty()) {
      told.remove(name);
    } else {
      told.put(name, now);
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

  private void tell(HostName name, String owner, Advertisement<StreamOwner> way) {
    List<String> path = new ArrayList<>();
    if (!rules.isReplica()) {
      path.add(rules.ownId());
    }
    path.addAll(way.route().path());
    int number = way.route().claim().map(claim -> number(claim.chain())).orElse(0);
    if (number == 0) {
      send.accept(
          new Message.Route(
              rules.nextSeq(), name, 0, owner, "", 0, way.weight(), path, ByteBuffer.allocate(0)));
    } else {
      send.accept(route(way.route().claim().get(), number, path));
    }
  }

  private Message.Route route(Claim claim, int number, List<String> path) {
    return new Message.Route(
        rules.nextSeq(),
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
    for (Claim claim : own) {
      int number = number(claim.chain());
      if (number != 0) {
        send.accept(route(claim, number, List.of()));
      }
    }
  }

  /** The number that the other side knows the certificates by; 0 when they are too large. */
  private int number(List<X509Certificate> chain) {
    Integer known = numbers.get(chain);
    if (known != null) {
      return known;
    }
    List<ByteBuffer> encoded = new ArrayList<>();
    int size = 0;
    try {
      for (X509Certificate certificate : chain) {
        byte[] bytes = certificate.getEncoded();
        size += bytes.length;
        encoded.add(ByteBuffer.wrap(bytes));
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read has no encoding", e);
    }
    if (size > MOST_CERTIFICATES) {
      return 0;
    }
    int number = numbers.size() + 1;
    if (number > MessageCodec.MAX_ORIGIN) {
      Iterator<Integer> eldest = numbers.values().iterator();
      number = eldest.next();
      eldest.remove();
    }
    numbers.put(chain, number);
    send.accept(new Message.Origin(number, encoded));
    return number;
  }
}
