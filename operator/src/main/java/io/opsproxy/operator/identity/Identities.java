package io.opsproxy.operator.identity;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.opsproxy.api.v1alpha1.MeshStatus;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.apply.Backoff;
import io.opsproxy.operator.apply.Trouble;
import io.opsproxy.operator.render.ChildNames;
import io.opsproxy.operator.render.ObjectKey;
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

/**
 * The certificates of all peers that have one. Secrets are not watched: that would need the right
 * to read all of them. One is read when a peer is first looked at, when its pods show another
 * certificate than it had, when something about it becomes due, and once an hour. One peer is
 * looked at by one thread at a time.
 */
public final class Identities {
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration NEAR_END = Duration.ofMinutes(5);
  private static final Duration SHORTEST = Duration.ofSeconds(5);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final Map<ObjectKey, Known> memory = new ConcurrentHashMap<>();

  /**
   * What is known of the identity of one peer.
   *
   * @param trusted the condition
   * @param status nothing while there is no certificate
   * @param again when to look again, though nothing happens
   */
  public record State(Finding trusted, Optional<MeshStatus> status, Duration again) {}

  /** What a Secret had when it was read. */
  private static final class Known {
    private final ObjectKey secret;
    private final Set<Instant> ends = new HashSet<>();
    private Optional<Leaf> leaf = Optional.empty();
    private Optional<String> authorities = Optional.empty();
    private Optional<Finding> problem = Optional.empty();
    private int failures;
    private Instant read = Instant.EPOCH;
    private Instant due = Instant.EPOCH;

    private Known(ObjectKey secret) {
      this.secret = secret;
    }
  }

  public Identities(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  /** The peer is gone. */
  public void forget(ObjectKey peer) {
    memory.remove(peer);
  }

  /**
   * The identity of a peer; empty when it is to have none.
   *
   * @param shown when the certificates end that its pods show
   */
  public Optional<State> look(ProxyPeer peer, List<Instant> shown) {
    ObjectKey key = ObjectKey.of(peer);
    if (!peer.getSpec().mesh().hasIdentity()) {
      memory.remove(key);
      return Optional.empty();
    }
    ObjectKey secret = new ObjectKey(key.namespace(), ChildNames.identity(peer.getSpec()));
    Known known =
        memory.compute(
            key, (any, old) -> old != null && old.secret.equals(secret) ? old : new Known(secret));
    Instant now = clock.instant();
    // Pods that show what it had before are merely behind.
    Instant soon = known.read.plus(SHORTEST);
    if (!known.ends.containsAll(shown) && soon.isBefore(known.due)) {
      known.due = soon;
    }
    if (!now.isBefore(known.due)) {
      read(known, now);
    }
    return Optional.of(state(known, shown, now));
  }

  private void read(Known known, Instant now) {
    known.read = now;
    known.leaf = Optional.empty();
    known.problem = Optional.empty();
    String subject = "Secret " + known.secret;
    try {
      Secret secret =
          client
              .secrets()
              .inNamespace(known.secret.namespace())
              .withName(known.secret.name())
              .get();
      if (secret == null) {
        known.problem =
            Optional.of(
                Judgement.of(
                    Reason.SECRET_NOT_FOUND,
                    subject + " does not exist; create it; new pods wait for it"));
      } else {
        take(known, PublicSecret.of(secret), subject);
      }
    } catch (KubernetesClientException e) {
      known.problem =
          Optional.of(
              Judgement.of(
                  Reason.IDENTITY_NOT_READY,
                  subject + " cannot be read: " + Trouble.words(e) + "; it is tried again"));
    }
    known.failures = known.problem.isPresent() ? known.failures + 1 : 0;
    known.due =
        known.problem.isPresent()
            ? now.plus(Backoff.after(known.failures))
            : now.plus(rest(known.leaf.orElseThrow(), now));
  }

  private static void take(Known known, PublicSecret secret, String subject) {
    try {
      if (secret.certificate().isEmpty() || !secret.hasKey()) {
        throw new IOException(
            "has no "
                + (secret.hasKey() ? PublicSecret.CERTIFICATE : PublicSecret.KEY)
                + "; it is to be in the form of kubernetes.io/tls");
      }
      Leaf leaf = Leaf.of(secret.certificate().get());
      known.leaf = Optional.of(leaf);
      known.ends.add(leaf.notAfter());
      known.authorities = secret.authorities();
    } catch (IOException e) {
      known.problem =
          Optional.of(Judgement.of(Reason.INVALID_CERTIFICATE, subject + ": " + e.getMessage()));
    }
  }

  /** Until something about it becomes another. */
  private static Duration rest(Leaf leaf, Instant now) {
    boolean near = !now.isBefore(leaf.nearEnd());
    Duration rest = Duration.between(now, near ? leaf.notAfter() : leaf.nearEnd());
    Duration most = near ? NEAR_END : LONGEST;
    if (rest.compareTo(SHORTEST) < 0) {
      return rest.isNegative() ? most : SHORTEST;
    }
    return rest.compareTo(most) > 0 ? most : rest;
  }

  private static State state(Known known, List<Instant> shown, Instant now) {
    Duration again = Duration.between(now, known.due).plusMillis(1);
    if (known.problem.isPresent()) {
      return new State(known.problem.get(), Optional.empty(), again);
    }
    Leaf leaf = known.leaf.orElseThrow();
    Instant first = shown.stream().min(Instant::compareTo).orElse(leaf.notAfter());
    return new State(
        Judgement.of("Secret " + known.secret, leaf, shown, now),
        Optional.of(new MeshStatus(leaf.id(), first.toString(), known.authorities.orElse(null))),
        again);
  }
}
