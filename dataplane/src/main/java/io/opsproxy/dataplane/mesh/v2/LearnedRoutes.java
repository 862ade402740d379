package io.opsproxy.dataplane.mesh.v2;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.mesh.stream.Passage;
import io.opsproxy.dataplane.trust.Claim;
import io.opsproxy.dataplane.trust.Refusal;
import io.opsproxy.dataplane.trust.Trust;
import io.opsproxy.dataplane.trust.Verdict;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names of others that the other side of a link passes on, and the signatures of its own names.
 * What comes waits until it is judged, which takes the time of several signatures and is done on
 * another thread; until then what was known before is in force. On the link's loop, except {@link
 * #judge}.
 */
final class LearnedRoutes {

  /** Who tells them. */
  interface Teller {
    /** Whether it is a replica of this peer. */
    boolean isReplica();

    /** Whether the trust of this peer lets it pass names on. */
    boolean mayTransit();

    /** Its id. */
    String id();

    /** The id of this peer. */
    String ownId();
  }

  /**
   * A name that it passes on.
   *
   * @param path from this peer to the owner, replicas of this peer left out
   * @param claim empty where a replica vouches for it
   */
  record Told(long seq, RouteKey key, List<String> path, int weight, Optional<Claim> claim) {}

  /** What became of one, and whether its owner may do nothing here any more. */
  record Judged(Told told, Answer answer, boolean cut) {}

  private final Teller teller;
  private final Freshness freshness;
  private final Map<Integer, List<X509Certificate>> origins = new HashMap<>();

  /** All that it tells, whatever becomes of it: what is refused may be taken by another trust. */
  private final Map<RouteKey, Told> told = new LinkedHashMap<>();

  private final Set<RouteKey> waiting = new LinkedHashSet<>();
  private final Map<RouteKey, Told> taken = new LinkedHashMap<>();
  private final Map<HostName, Claim> proofs = new HashMap<>();

  LearnedRoutes(Teller teller, Freshness freshness) {
    this.teller = teller;
    this.freshness = freshness;
  }

  void onOrigin(Message.Origin origin) {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (ByteBuffer encoded : origin.chain()) {
        byte[] bytes = new byte[encoded.remaining()];
        encoded.duplicate().get(bytes);
        chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes)));
      }
    } catch (CertificateException e) {
      // names that speak of it are refused, each with its cause
      chain.clear();
    }
    origins.put(origin.number(), List.copyOf(chain));
  }

  /** A name; {@link #toJudge} is to follow. */
  void onRoute(Message.Route route) {
    RouteKey key = new RouteKey(route.name(), route.owner());
    Optional<Claim> claim =
        route.origin() == 0
            ? Optional.empty()
            : Optional.of(
                new Claim(
                    route.name(),
                    route.owner(),
                    route.instance(),
                    Instant.ofEpochMilli(route.issued()),
                    route.weight(),
                    origins.getOrDefault(route.origin(), List.of()),
                    bytes(route.signature())));
    told.put(key, new Told(route.seq(), key, route.path(), route.weight(), claim));
    waiting.add(key);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] all = new byte[buffer.remaining()];
    buffer.duplicate().get(all);
    return all;
  }

  /** Whether it is the other side's own name, with the signature that may be passed on. */
  private boolean isOwn(Told told) {
    return !teller.isReplica() && told.key().owner().equals(teller.id()) && told.path().isEmpty();
  }

  private Optional<Answer> refusal(Told told) {
    if (isOwn(told)) {
      return Optional.empty();
    }
    if (told.key().owner().equals(teller.ownId()) || told.path().contains(teller.ownId())) {
      return refused(Refusal.LOOP, "the name has come through the peer that hears of it");
    }
    if (told.path().size() > Passage.MOST_HOPS) {
      return refused(Refusal.LOOP, "it has passed more than " + Passage.MOST_HOPS + " peers");
    }
    if (teller.isReplica()) {
      return Optional.empty();
    }
    if (!teller.mayTransit()) {
      return refused(
          Refusal.NAME_NOT_ALLOWED,
          "the trust of this peer does not let "
              + teller.id()
              + " pass on names of others; set transit: true in its entry of mesh.trust there");
    }
    boolean honest = !told.path().isEmpty() && told.path().get(0).equals(teller.id());
    return honest && told.claim().isPresent()
        ? Optional.empty()
        : refused(
            Refusal.UNTRUSTED,
            "it does not come with the signature of its owner, by way of who tells it");
  }

  private static Optional<Answer> refused(Refusal reason, String message) {
    return Optional.of(new Answer(reason.word(), message));
  }

  /** The name does not come this way any more; whether that changes something. */
  boolean onRemove(RouteKey key) {
    told.remove(key);
    waiting.remove(key);
    return taken.remove(key) != null;
  }

  /** The other side does not serve it any more; whether that changes something. */
  boolean onRemove(HostName name) {
    Claim proof = proofs.remove(name);
    if (proof != null) {
      freshness.withdrawn(proof);
    }
    return onRemove(new RouteKey(name, teller.id())) || proof != null;
  }

  /** What the other side has told, whatever became of it. */
  int size() {
    return told.size();
  }

  /** Everything is judged anew, by another trust. */
  void recheck() {
    waiting.addAll(told.keySet());
  }

  /** What waits to be judged, which the caller does elsewhere; {@link #apply} is to follow. */
  List<Told> toJudge() {
    List<Told> all = waiting.stream().map(told::get).toList();
    waiting.clear();
    return all;
  }

  /**
   * Judges by the trust of this peer alone, whoever told it. Any thread; takes milliseconds.
   *
   * @param known claims whose signature was found good before
   */
  List<Judged> judge(List<Told> all, Set<Claim> known, Optional<Trust> trust, Instant now) {
    List<Judged> judged = new ArrayList<>();
    for (Told told : all) {
      Optional<Answer> refusal = refusal(told);
      if (refusal.isPresent() || told.claim().isEmpty()) {
        judged.add(new Judged(told, refusal.orElse(Answer.TAKEN), false));
        continue;
      }
      Claim claim = told.claim().get();
      Verdict verdict =
          trust
              .map(some -> some.admit(claim.chain(), now))
              .orElseGet(() -> V2.noIdentity(Optional.empty()));
      judged.add(
          verdict instanceof Verdict.Admitted owner
              ? new Judged(told, judge(claim, owner, known.contains(claim), now), false)
              : new Judged(told, of((Verdict.Refused) verdict), true));
    }
    return judged;
  }

  private static Answer of(Verdict.Refused refused) {
    return new Answer(refused.reason().word(), refused.message() + "; " + refused.remedy());
  }

  private Answer judge(Claim claim, Verdict.Admitted owner, boolean known, Instant now) {
    if (!owner.id().value().equals(claim.owner()) || !(known || claim.isSigned())) {
      return new Answer(
          Refusal.UNTRUSTED.word(), "it is not signed by " + claim.owner() + ", its owner");
    }
    if (!owner.grant().mayOwn(claim.name())) {
      return new Answer(
          Refusal.NAME_NOT_ALLOWED.word(),
          "the trust of this peer does not let "
              + claim.owner()
              + " own it; add it to names of its entry of mesh.trust there");
    }
    if (!claim.isInTime(now)) {
      return new Answer(
          Refusal.EXPIRED.word(),
          "its owner has signed it at " + claim.issued() + "; compare the clocks");
    }
    if (!freshness.take(claim)) {
      return new Answer(
          Refusal.UNTRUSTED.word(), "its owner has said something newer since it was signed");
    }
    return Answer.TAKEN;
  }

  /** Takes what was judged; whether something of what is known has changed by that. */
  boolean apply(Judged one) {
    RouteKey key = one.told().key();
    if (!one.told().equals(told.get(key))) {
      // it was taken back, or told anew, meanwhile
      return false;
    }
    if (isOwn(one.told())) {
      Optional<Claim> proof = one.told().claim();
      if (proof.isPresent() && one.answer().isTaken()) {
        return !proof.get().equals(proofs.put(key.name(), proof.get()));
      }
      return proofs.remove(key.name()) != null;
    }
    if (!one.answer().isTaken()) {
      return taken.remove(key) != null;
    }
    return !one.told().equals(taken.put(key, one.told()));
  }

  /** Forgets claims that their owners have not signed anew; whether there were any. */
  boolean expire(Instant now) {
    List<RouteKey> ended =
        told.values().stream()
            .filter(one -> one.claim().map(claim -> !claim.isInTime(now)).orElse(false))
            .map(Told::key)
            .toList();
    ended.forEach(this::onRemove);
    return proofs.values().removeIf(claim -> !claim.isInTime(now)) || !ended.isEmpty();
  }

  /** Those that are in force here. */
  Collection<Told> taken() {
    return taken.values();
  }

  /** Claims that were found good. */
  Set<Claim> claims() {
    Set<Claim> all = new LinkedHashSet<>(proofs.values());
    taken.values().forEach(told -> told.claim().ifPresent(all::add));
    return all;
  }

  /** The other side's own signature of a name that it serves. */
  Optional<Claim> proof(HostName name) {
    return Optional.ofNullable(proofs.get(name));
  }
}
