package io.opsproxy.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.cluster.ClusterCache;
import io.opsproxy.operator.render.Labels;
import io.opsproxy.operator.render.ObjectKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the children of a peer what they should be: one server-side apply of the whole intent of
 * each that differs, deletion of those that are not wanted any more, and nothing at all for an
 * object that belongs to somebody else. Whatever goes wrong with one child is that child's: the
 * others are made. One peer is looked at by one thread at a time.
 */
public final class Applier {
  private static final Logger log = LoggerFactory.getLogger(Applier.class);

  /** Nothing tells us that an object which is not ours went: it carries no label of ours. */
  private static final Duration FOREIGN_INTERVAL = Duration.ofSeconds(20);

  /** Server-side apply of all that this operator wants of an object. */
  public static final PatchContext SERVER_SIDE =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(Labels.MANAGER)
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final ClusterCache cache;
  private final FailureCounter failures;
  private final LongSupplier nanos;
  private final Intent intent;

  /** By the identity of the peer, then by kind and name. */
  private final Map<String, Map<String, ChildState>> states = new ConcurrentHashMap<>();

  /**
   * @param nanos a clock such as System::nanoTime
   */
  public Applier(
      KubernetesClient client, ClusterCache cache, FailureCounter failures, LongSupplier nanos) {
    this.client = client;
    this.failures = failures;
    this.cache = cache;
    this.nanos = nanos;
    intent = new Intent(client.getKubernetesSerialization());
  }

  /** The peer with this identity is gone. */
  public void forget(String uid) {
    states.remove(uid);
  }

  /** Applies them in their order. Never throws for what the API server says. */
  public Applied apply(ProxyPeer peer, List<HasMetadata> children) {
    String uid = peer.getMetadata().getUid();
    Map<String, ChildState> before = states.computeIfAbsent(uid, any -> new HashMap<>());
    Set<String> wanted = new HashSet<>();
    for (HasMetadata child : children) {
      String identity = identity(child);
      wanted.add(identity);
      apply(peer, child, before.computeIfAbsent(identity, any -> new ChildState(nanos)));
    }
    for (HasMetadata child : cache.childrenOf(uid)) {
      if (!wanted.contains(identity(child)) && Ownership.lacks(child, uid).isEmpty()) {
        wanted.add(identity(child));
        prune(peer, child, before.computeIfAbsent(identity(child), any -> new ChildState(nanos)));
      }
    }
    before.keySet().retainAll(wanted);
    return sum(before);
  }

  private static Applied sum(Map<String, ChildState> states) {
    List<Trouble> troubles = new ArrayList<>();
    List<String> pending = new ArrayList<>();
    Optional<Duration> again = Optional.empty();
    for (Map.Entry<String, ChildState> entry : states.entrySet()) {
      ChildState state = entry.getValue();
      state.trouble().ifPresent(troubles::add);
      if (state.later()) {
        Duration pause = state.pause().plusMillis(1);
        again = again.isEmpty() || pause.compareTo(again.get()) < 0 ? Optional.of(pause) : again;
      }
      if (state.pending()) {
        pending.add(entry.getKey().substring(0, entry.getKey().indexOf(' ')));
      }
    }
    troubles.sort((a, b) -> a.text().compareTo(b.text()));
    return new Applied(troubles, pending, again);
  }

  private void apply(ProxyPeer peer, HasMetadata child, ChildState state) {
    Optional<? extends HasMetadata> cached = cache.child(child.getKind(), ObjectKey.of(child));
    if (cached.isPresent() && state.agreed(child, cached.get())) {
      state.agree(child, cached.get());
      return;
    }
    // What does not carry our label is only in the cluster: to be asked for, but not at every look.
    if (cached.isEmpty() && !state.lookDue() && state.trouble().isPresent()) {
      return;
    }
    HasMetadata desired = intent.stamped(child);
    String digest = Intent.digest(desired);
    try {
      Optional<? extends HasMetadata> live = cached.isPresent() ? cached : asked(child, state);
      Optional<String> lacks =
          live.flatMap(one -> Ownership.lacks(one, peer.getMetadata().getUid()));
      if (lacks.isPresent()) {
        state.foreign(Trouble.foreign(child, lacks.get()), FOREIGN_INTERVAL);
      } else if (live.isPresent() && intent.holds(desired, live.get())) {
        state.agree(child, live.get());
      } else {
        write(peer, desired, digest, live.orElse(null), state);
      }
    } catch (KubernetesClientException e) {
      log.warn(
          "{} {}: {}: {}",
          peer.getKind(),
          ObjectKey.of(peer),
          Trouble.describe(child),
          Trouble.words(e));
      failures.failed(child.getKind(), e);
      state.failed(digest, Trouble.of(child, e));
    }
  }

  /** One that was just made is not asked for: the watch tells of it. */
  private Optional<HasMetadata> asked(HasMetadata child, ChildState state) {
    return state.pending() ? Optional.empty() : Optional.ofNullable(client.resource(child).get());
  }

  private void write(
      ProxyPeer peer, HasMetadata desired, String digest, HasMetadata live, ChildState state) {
    String version = live == null ? "" : live.getMetadata().getResourceVersion();
    if (!state.due(digest, version)) {
      return;
    }
    log.info(
        "{} {}: {} {}",
        peer.getKind(),
        ObjectKey.of(peer),
        live == null ? "creating" : "updating",
        Trouble.describe(desired));
    client.resource(desired).patch(SERVER_SIDE);
    state.wrote(digest, version, live);
  }

  private void prune(ProxyPeer peer, HasMetadata child, ChildState state) {
    if (!state.due("", child.getMetadata().getResourceVersion())) {
      return;
    }
    log.info(
        "{} {}: deleting {}, which is not wanted any more",
        peer.getKind(),
        ObjectKey.of(peer),
        Trouble.describe(child));
    try {
      client.resource(child).delete();
      state.wrote("", child.getMetadata().getResourceVersion(), null);
    } catch (KubernetesClientException e) {
      failures.failed(child.getKind(), e);
      state.failed("", Trouble.of(child, e));
    }
  }

  private static String identity(HasMetadata object) {
    return object.getKind() + " " + object.getMetadata().getName();
  }
}
