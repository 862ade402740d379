package io.opsproxy.dataplane.mesh.v2;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.mesh.stream.Passage;
import io.opsproxy.dataplane.trust.Claim;
import io.opsproxy.dataplane.trust.Refusal;
import io.opsproxy.dataplane.trust.Trust;
import io.opsproxy.dataplane.trust.Verdict;
import java.nio.ByteBuffer;
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

  /**
   * A name that it passes on, or its own with a signature.
   *
   * @param chain the owner's certificates; empty where a replica vouches for it
   */
  record Told(Message.Route route, Optional<ShownChain> chain) {
    RouteKey key() {
      return new RouteKey(route.name(), route.owner());
    }

    private boolean isInTime(Instant now) {
      return chain.isEmpty() || Claim.isInTime(Instant.ofEpochMilli(route.issued()), now);
    }
  }

  /** One that is in force here, with its owner's signature where it has one. */
  record Taken(Told told, Optional<Claim> claim) {}

  /** What became of one, and whether its owner may do nothing here any more. */
  record Judged(Taken taken, Answer answer, boolean cut) {
    Told told() {
      return taken.told();
    }
  }

  /** Signatures in one go: a link that tells many lets others have their turn. */
  private static final int MOST_AT_ONCE = 256;

  private final LinkRules rules;
  private final Freshness freshness;
  private final Map<Integer, ShownChain> origins = new HashMap<>();
  private int originBytes;

  /** All that it tells, whatever becomes of it: what is refused may be taken by another trust. */
  private final Map<RouteKey, Told> told = new LinkedHashMap<>();

  private final Set<RouteKey> waiting = new LinkedHashSet<>();
  private final Map<RouteKey, Taken> taken = new LinkedHashMap<>();
  private final Map<HostName, Claim> proofs = new HashMap<>();

  /** What was last answered to each that is {@link #told}. */
  private final Map<RouteKey, String> answers = new HashMap<>();

  LearnedRoutes(LinkRules rules, Freshness freshness) {
    this.rules = rules;
    this.freshness = freshness;
  }

  /**
   * Certificates for those that follow. Those that spoke of the same number before are forgotten,
   * so that no more certificates are held than there are numbers; whether that changes something.
   */
  boolean onOrigin(Message.Origin origin) {
    ShownChain chain = new ShownChain(origin.chain());
    ShownChain before = origins.remove(origin.number());
    boolean changed = false;
    if (before != null) {
      originBytes -= before.size();
      List<RouteKey> gone =
          told.values().stream()
              .filter(one -> one.route().origin() == origin.number())
              .map(Told::key)
              .toList();
      for (RouteKey key : gone) {
        changed |= onRemove(key);
      }
    }
    boolean fits =
        chain.size() <= MessageCodec.MAX_CHAIN
            && originBytes + chain.size() <= MessageCodec.MAX_CHAINS;
    // names that speak of what does not fit are refused, each with its cause
    ShownChain kept = fits ? chain : ShownChain.none();
    originBytes += kept.size();
    origins.put(origin.number(), kept);
    return changed;
  }

  /** Whether it is told already, so that telling it again takes no more room. */
  boolean knows(RouteKey key) {
    return told.containsKey(key);
  }

  /** A name; {@link #toJudge} is to follow. */
  void onRoute(Message.Route route) {
    Optional<ShownChain> chain =
        route.origin() == 0
            ? Optional.empty()
            : Optional.of(origins.getOrDefault(route.origin(), ShownChain.none()));
    Told one = new Told(route, chain);
    told.put(one.key(), one);
    waiting.add(one.key());
    answers.remove(one.key());
  }

  /** The name does not come this way any more; whether that changes something. */
  boolean onRemove(RouteKey key) {
    told.remove(key);
    waiting.remove(key);
    answers.remove(key);
    boolean proven = key.owner().equals(rules.otherId()) && proofs.remove(key.name()) != null;
    return taken.remove(key) != null || proven;
  }

  /** The other side does not serve it any more; whether that changes something. */
  boolean onRemove(HostName name) {
    RouteKey key = new RouteKey(name, rules.otherId());
    Told proof = told.get(key);
    if (proof != null && isProof(proof)) {
      // judged or not: it is the owner itself that speaks
      freshness.withdrawn(proof.route());
    }
    return onRemove(key);
  }

  /** What the other side has told, whatever became of it. */
  int size() {
    return told.size();
  }

  /** Everything is judged anew, by another trust. */
  void recheck() {
    waiting.addAll(told.keySet());
  }

  /** Whether something waits to be judged. */
  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /**
   * Some of what waits to be judged, which the caller does elsewhere; {@link #apply} is to follow.
   */
  List<Told> toJudge() {
    List<RouteKey> some = waiting.stream().limit(MOST_AT_ONCE).toList();
    some.forEach(waiting::remove);
    return some.stream().map(told::get).toList();
  }

  /** Signatures that were found good, by what was told. */
  Map<Told, Claim> known() {
    Map<Told, Claim> all = new HashMap<>();
    taken.values().forEach(one -> one.claim().ifPresent(claim -> all.put(one.told(), claim)));
    for (Claim proof : proofs.values()) {
      all.put(told.get(new RouteKey(proof.name(), proof.owner())), proof);
    }
    return all;
  }

  // judging

  /**
   * Judges by the trust of this peer alone, whoever told it. Any thread; takes milliseconds.
   *
   * @param known signatures that were found good before
   */
  List<Judged> judge(List<Told> all, Map<Told, Claim> known, Optional<Trust> trust, Instant now) {
    List<Judged> judged = new ArrayList<>();
    for (Told one : all) {
      judged.add(judge(one, Optional.ofNullable(known.get(one)), trust, now));
    }
    return judged;
  }

  private Judged judge(Told one, Optional<Claim> known, Optional<Trust> trust, Instant now) {
    Optional<Answer> refusal = refusal(one);
    if (refusal.isPresent() || one.chain().isEmpty()) {
      return new Judged(new Taken(one, Optional.empty()), refusal.orElse(Answer.TAKEN), false);
    }
    Claim claim = known.orElseGet(() -> claim(one));
    Taken taken = new Taken(one, Optional.of(claim));
    Verdict verdict =
        trust
            .map(some -> some.admit(claim.chain(), now))
            .orElseGet(() -> V2.noIdentity(Optional.empty()));
    return verdict instanceof Verdict.Admitted owner
        ? new Judged(taken, judge(claim, owner, known.isPresent(), now), false)
        : new Judged(taken, of((Verdict.Refused) verdict), true);
  }

  private static Claim claim(Told one) {
    Message.Route route = one.route();
    return new Claim(
        route.name(),
        route.owner(),
        route.instance(),
        Instant.ofEpochMilli(route.issued()),
        route.weight(),
        one.chain().orElseThrow().certificates(),
        bytes(route.signature()));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] all = new byte[buffer.remaining()];
    buffer.duplicate().get(all);
    return all;
  }

  /** Whether it is the other side's own name, with the signature that may be passed on. */
  boolean isProof(Told one) {
    return !rules.isReplica()
        && one.route().owner().equals(rules.otherId())
        && one.route().path().isEmpty();
  }

  private Optional<Answer> refusal(Told one) {
    List<String> path = one.route().path();
    if (isProof(one)) {
      return Optional.empty();
    }
    if (one.route().owner().equals(rules.ownId()) || path.contains(rules.ownId())) {
      return refused(Refusal.LOOP, "the name has come through the peer that hears of it");
    }
    if (path.size() > Passage.MOST_HOPS) {
      return refused(Refusal.LOOP, "it has passed more than " + Passage.MOST_HOPS + " peers");
    }
    if (rules.isReplica()) {
      return Optional.empty();
    }
    if (!rules.mayTransit()) {
      return refused(
          Refusal.NAME_NOT_ALLOWED,
          "the trust of this peer does not let "
              + rules.otherId()
              + " pass on names of others; set transit: true in its entry of mesh.trust there");
    }
    boolean honest = !path.isEmpty() && path.get(0).equals(rules.otherId());
    return honest && one.chain().isPresent()
        ? Optional.empty()
        : refused(
            Refusal.UNTRUSTED,
            "it does not come with the signature of its owner, by way of who tells it");
  }

  private static Optional<Answer> refused(Refusal reason, String message) {
    return Optional.of(new Answer(reason.word(), message));
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
      return Answer.mayNotOwn(claim.owner());
    }
    if (!Claim.isInTime(claim.issued(), now)) {
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
    if (!isStillTold(one.told())) {
      return false;
    }
    if (isProof(one.told())) {
      Optional<Claim> proof = one.taken().claim().filter(claim -> one.answer().isTaken());
      Claim before =
          proof.isPresent() ? proofs.put(key.name(), proof.get()) : proofs.remove(key.name());
      return !Optional.ofNullable(before).equals(proof);
    }
    return one.answer().isTaken()
        ? !one.taken().equals(taken.put(key, one.taken()))
        : taken.remove(key) != null;
  }

  /** Whether it was neither taken back nor told anew meanwhile. */
  boolean isStillTold(Told one) {
    return one.equals(told.get(one.key()));
  }

  /** Remembers an answer; whether it is another one than before. */
  boolean answered(Told one, String reason) {
    return isStillTold(one) && !reason.equals(answers.put(one.key(), reason));
  }

  /** Forgets what its owner has not signed anew; whether there was any. */
  boolean expire(Instant now) {
    List<RouteKey> ended =
        told.values().stream().filter(one -> !one.isInTime(now)).map(Told::key).toList();
    boolean changed = false;
    for (RouteKey key : ended) {
      changed |= onRemove(key);
    }
    return changed;
  }

  /** Those that are in force here. */
  Collection<Taken> taken() {
    return taken.values();
  }

  /** The other side's own signature of a name that it serves. */
  Optional<Claim> proof(HostName name) {
    return Optional.ofNullable(proofs.get(name));
  }
}
