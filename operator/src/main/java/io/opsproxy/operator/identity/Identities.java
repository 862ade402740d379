package io.opsproxy.operator.identity;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.opsproxy.api.v1alpha1.IdentityMode;
import io.opsproxy.api.v1alpha1.MeshStatus;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.apply.Applier;
import io.opsproxy.operator.apply.Backoff;
import io.opsproxy.operator.apply.Ownership;
import io.opsproxy.operator.apply.Trouble;
import io.opsproxy.operator.render.ChildNames;
import io.opsproxy.operator.render.Issuer;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.TlsSecret;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of all peers that have one. Secrets are not watched: that would need the right
 * to read all of them. One is read when a peer is first looked at, when its pods show another
 * certificate than it had, when something about it becomes due, and once an hour. One peer is
 * looked at by one thread at a time.
 */
public final class Identities {
  private static final Logger log = LoggerFactory.getLogger(Identities.class);

  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration NEAR_END = Duration.ofMinutes(5);
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  private final KubernetesClient client;
  private final OperatorAuthority authority;
  private final InstantSource clock;
  private final Map<ObjectKey, Known> memory = new ConcurrentHashMap<>();

  /**
   * What is known of the identity of one peer.
   *
   * @param trusted the condition
   * @param status nothing while there is no certificate
   * @param issuer who issues for it; empty where that is not the operator, or not known yet
   * @param waits whether nothing of the peer can be made yet
   * @param again when to look again, though nothing happens
   */
  public record State(
      Finding trusted,
      Optional<MeshStatus> status,
      Optional<Issuer> issuer,
      boolean waits,
      Duration again) {}

  /** What a Secret had when it was read. */
  private static final class Known {
    private final ObjectKey secret;
    private final boolean issued;
    private final Set<Instant> ends = new HashSet<>();
    private Optional<Leaf> leaf = Optional.empty();
    private Optional<String> authorities = Optional.empty();
    private Optional<Finding> problem = Optional.empty();
    private Optional<Issuer> issuer = Optional.empty();
    private int failures;
    private Instant read = Instant.EPOCH;
    private Instant due = Instant.EPOCH;

    private Known(ObjectKey secret, boolean issued) {
      this.secret = secret;
      this.issued = issued;
    }

    private String subject() {
      return "Secret " + secret;
    }

    private void fail(Reason reason, String message) {
      problem = Optional.of(Judgement.of(reason, message));
    }
  }

  public Identities(KubernetesClient client, OperatorAuthority authority, InstantSource clock) {
    this.client = client;
    this.authority = authority;
    this.clock = clock;
  }

  /** The peer is gone. */
  public void forget(ObjectKey peer) {
    memory.remove(peer);
  }

  /**
   * The identity of a peer, issued when that is due; empty when it is to have none.
   *
   * @param shown when the certificates end that its pods show
   */
  public Optional<State> look(ProxyPeer peer, List<Instant> shown) {
    ObjectKey key = ObjectKey.of(peer);
    if (!peer.getSpec().mesh().hasIdentity()) {
      memory.remove(key);
      return Optional.empty();
    }
    ObjectKey secret =
        new ObjectKey(key.namespace(), ChildNames.identity(key.name(), peer.getSpec()));
    boolean issued = peer.getSpec().mesh().identity().mode() == IdentityMode.ISSUED;
    Known known =
        memory.compute(
            key,
            (any, old) ->
                old != null && old.secret.equals(secret) && old.issued == issued
                    ? old
                    : new Known(secret, issued));
    Instant now = clock.instant();
    // Pods that show what it had before are merely behind.
    Instant soon = known.read.plus(SHORTEST);
    if (!known.ends.containsAll(shown) && soon.isBefore(known.due)) {
      known.due = soon;
    }
    if (!now.isBefore(known.due)) {
      read(peer, known, now);
    }
    return Optional.of(state(known, shown, now));
  }

  private void read(ProxyPeer peer, Known known, Instant now) {
    known.read = now;
    known.leaf = Optional.empty();
    known.problem = Optional.empty();
    try {
      if (known.issued) {
        issue(peer, known, now);
      } else {
        find(known);
      }
    } catch (KubernetesClientException e) {
      known.fail(
          Reason.IDENTITY_NOT_READY,
          known.subject() + ": " + Trouble.words(e) + "; it is tried again");
    } catch (IOException e) {
      known.fail(Reason.IDENTITY_NOT_READY, e.getMessage());
    }
    known.failures = known.problem.isPresent() ? known.failures + 1 : 0;
    known.due =
        known.problem.isPresent()
            ? now.plus(Backoff.after(known.failures))
            : now.plus(rest(known, now));
  }

  private Optional<Secret> get(ObjectKey key) {
    return Optional.ofNullable(
        client.secrets().inNamespace(key.namespace()).withName(key.name()).get());
  }

  /** A certificate that somebody else is to issue. */
  private void find(Known known) {
    Optional<Secret> secret = get(known.secret);
    if (secret.isEmpty()) {
      known.fail(
          Reason.SECRET_NOT_FOUND,
          known.subject() + " does not exist; create it; new pods wait for it");
      return;
    }
    try {
      take(known, PublicSecret.of(secret.get()));
    } catch (IOException e) {
      known.fail(Reason.INVALID_CERTIFICATE, known.subject() + ": " + e.getMessage());
    }
  }

  private void issue(ProxyPeer peer, Known known, Instant now) throws IOException {
    OperatorAuthority.Current by = authority.current();
    Optional<Secret> found = get(known.secret);
    Optional<String> lacks =
        found.flatMap(one -> Ownership.lacks(one, peer.getMetadata().getUid()));
    if (lacks.isPresent()) {
      known.fail(
          Reason.IDENTITY_NOT_READY,
          known.subject()
              + " exists and belongs to somebody else: it lacks "
              + lacks.get()
              + "; rename the ProxyPeer or the Secret");
      return;
    }
    if (found.isEmpty() || !holds(PublicSecret.of(found.get()), ObjectKey.of(peer), by, now)) {
      Secret made = LeafIssuer.issue(peer, known.secret.name(), by, now);
      client.resource(made).patch(Applier.SERVER_SIDE);
      found = Optional.of(made);
      log.info(
          "ProxyPeer {}: issued a certificate of {} until {}",
          ObjectKey.of(peer),
          by.issuer().id(ObjectKey.of(peer)),
          now.plus(LeafIssuer.LIFE));
    }
    take(known, PublicSecret.of(found.get()));
    known.issuer = Optional.of(by.issuer());
  }

  private static boolean holds(
      PublicSecret secret, ObjectKey peer, OperatorAuthority.Current by, Instant now) {
    if (secret.certificate().isEmpty() || !secret.hasKey()) {
      return false;
    }
    try {
      Leaf leaf = Leaf.of(secret.certificate().get());
      return LeafIssuer.holds(leaf, secret.authorities(), peer, by, now);
    } catch (IOException e) {
      return false;
    }
  }

  private static void take(Known known, PublicSecret secret) throws IOException {
    if (secret.certificate().isEmpty() || !secret.hasKey()) {
      throw new IOException(
          "has no "
              + (secret.hasKey() ? TlsSecret.CERTIFICATE : TlsSecret.KEY)
              + "; it is to be in the form of kubernetes.io/tls");
    }
    Leaf leaf = Leaf.of(secret.certificate().get());
    known.leaf = Optional.of(leaf);
    known.ends.add(leaf.notAfter());
    known.authorities = secret.authorities();
  }

  /** Until something about it becomes another. */
  private static Duration rest(Known known, Instant now) {
    Leaf leaf = known.leaf.orElseThrow();
    boolean near = !now.isBefore(leaf.nearEnd());
    Instant next = near ? leaf.notAfter() : leaf.nearEnd();
    if (known.issued && LeafIssuer.renewal(leaf).isBefore(next)) {
      next = LeafIssuer.renewal(leaf);
    }
    Duration rest = Duration.between(now, next);
    Duration most = near ? NEAR_END : LONGEST;
    if (rest.compareTo(SHORTEST) < 0) {
      return rest.isNegative() ? most : SHORTEST;
    }
    return rest.compareTo(most) > 0 ? most : rest;
  }

  private static State state(Known known, List<Instant> shown, Instant now) {
    Duration again = Duration.between(now, known.due).plusMillis(1);
    if (known.problem.isPresent()) {
      boolean waits = known.issued && known.issuer.isEmpty();
      return new State(known.problem.get(), Optional.empty(), known.issuer, waits, again);
    }
    Leaf leaf = known.leaf.orElseThrow();
    Instant first = shown.stream().min(Instant::compareTo).orElse(leaf.notAfter());
    return new State(
        Judgement.of(known.subject(), leaf, shown, now),
        Optional.of(new MeshStatus(leaf.id(), first.toString(), known.authorities.orElse(null))),
        known.issuer,
        false,
        again);
  }
}
