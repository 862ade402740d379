package io.opsproxy.operator.peer;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.api.v1alpha1.ProxyPeerStatus;
import io.opsproxy.operator.apply.Applied;
import io.opsproxy.operator.apply.Applier;
import io.opsproxy.operator.apply.EventRecorder;
import io.opsproxy.operator.cluster.ClusterCache;
import io.opsproxy.operator.cluster.OptionalKinds;
import io.opsproxy.operator.cluster.TriggerSource;
import io.opsproxy.operator.identity.Identities;
import io.opsproxy.operator.observe.PodObserver;
import io.opsproxy.operator.observe.PodTarget;
import io.opsproxy.operator.observe.PodView;
import io.opsproxy.operator.render.ChildNames;
import io.opsproxy.operator.render.ConfigMaps;
import io.opsproxy.operator.render.Issuer;
import io.opsproxy.operator.render.Labels;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.Options;
import io.opsproxy.operator.render.PeerPorts;
import io.opsproxy.operator.render.PeerRenderer;
import io.opsproxy.operator.render.RenderCache;
import io.opsproxy.operator.render.Rendered;
import io.opsproxy.operator.status.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A ProxyPeer: observe, render, apply, say what came of it. One peer is reconciled by one thread at
 * a time.
 */
@ControllerConfiguration(
    name = "proxypeer",
    fieldManager = Labels.MANAGER,
    informer = @Informer(name = "proxypeer"))
public final class PeerReconciler implements Reconciler<ProxyPeer> {
  private static final Applied NOTHING = new Applied(List.of(), List.of(), Optional.empty());

  private final ClusterCache cache;
  private final OptionalKinds kinds;
  private final Applier applier;
  private final PodObserver observer;
  private final Identities identities;
  private final Outcomes outcomes;
  private final EventRecorder events;
  private final ReconcileMeter metrics;
  private final Options options;
  private final TriggerSource<ProxyPeer> triggers;
  private final TriggerSource<?> services;
  private final BooleanSupplier leads;
  private final PeerStatuses statuses;
  private final Map<ObjectKey, Memory> memories = new ConcurrentHashMap<>();

  /** What is kept of a peer between two looks; nothing that could not be lost. */
  private static final class Memory {
    private final WritePace pace = new WritePace(System::nanoTime);
    private final RenderCache rendered = new RenderCache();
    private ConfigHistory history = ConfigHistory.EMPTY;
  }

  /**
   * @param leads whether this operator is the one that works
   */
  public PeerReconciler(
      ClusterCache cache,
      OptionalKinds kinds,
      Applier applier,
      PodObserver observer,
      Identities identities,
      Outcomes outcomes,
      EventRecorder events,
      ReconcileMeter metrics,
      Options options,
      TriggerSource<ProxyPeer> triggers,
      TriggerSource<?> services,
      BooleanSupplier leads) {
    this.cache = cache;
    this.kinds = kinds;
    this.applier = applier;
    this.observer = observer;
    this.identities = identities;
    this.outcomes = outcomes;
    this.events = events;
    this.metrics = metrics;
    this.options = options;
    this.triggers = triggers;
    this.services = services;
    this.leads = leads;
    statuses = new PeerStatuses(cache);
  }

  @Override
  public List<EventSource<?, ProxyPeer>> prepareEventSources(
      EventSourceContext<ProxyPeer> context) {
    return List.of(triggers);
  }

  /** The peer is gone: what was kept of it goes, too. */
  public void forget(ObjectKey peer, String uid) {
    memories.remove(peer);
    applier.forget(uid);
    outcomes.remove(peer);
    observer.forget(peer);
    identities.forget(peer);
    metrics.forget("ProxyPeer", peer);
  }

  /** The framework writes the status; what becomes of that is only told here. */
  @Override
  public ErrorStatusUpdateControl<ProxyPeer> updateErrorStatus(
      ProxyPeer object, Context<ProxyPeer> context, Exception problem) {
    if (problem instanceof KubernetesClientException e) {
      metrics.writeFailed(
          "ProxyPeer/status", e.getCode() > 0 ? Integer.toString(e.getCode()) : "io");
    }
    return ErrorStatusUpdateControl.noStatusUpdate();
  }

  @Override
  public UpdateControl<ProxyPeer> reconcile(ProxyPeer peer, Context<ProxyPeer> context) {
    // The framework's cache may be behind ours: nothing is made for an owner that is gone.
    Optional<ProxyPeer> known = known(peer);
    if (known.isEmpty() || !leads.getAsBoolean()) {
      return UpdateControl.noUpdate();
    }
    // As our cache has it: the framework's copies have lost what could not be read of them.
    UpdateControl<ProxyPeer> update = metrics.timed("ProxyPeer", () -> reconcile(known.get()));
    if (known(peer).isEmpty()) {
      // It went meanwhile, and what was kept of it with it; do not keep it again.
      forget(ObjectKey.of(peer), peer.getMetadata().getUid());
      return UpdateControl.noUpdate();
    }
    return update;
  }

  private Optional<ProxyPeer> known(ProxyPeer peer) {
    return cache
        .peer(ObjectKey.of(peer))
        .filter(one -> one.getMetadata().getUid().equals(peer.getMetadata().getUid()));
  }

  private UpdateControl<ProxyPeer> reconcile(ProxyPeer peer) {
    ObjectKey key = ObjectKey.of(peer);
    Memory memory =
        memories.computeIfAbsent(
            key,
            any -> {
              Memory fresh = new Memory();
              existingConfig(key).ifPresent(yaml -> fresh.history = fresh.history.with(yaml));
              return fresh;
            });
    Optional<Identities.State> identity =
        identities.look(peer, PodView.certificatesShown(PodView.of(cache.podsOf(key), observer)));
    Issuer issuer = identity.flatMap(Identities.State::issuer).orElse(Issuer.UNKNOWN);
    Rendered rendered =
        PeerRenderer.render(
            peer,
            cache.servicesOf(key),
            cache,
            kinds.known(),
            options.with(issuer),
            memory.rendered);
    if (identity.filter(Identities.State::waits).isPresent()) {
      // Whoever is to be trusted is not known: what runs goes on.
      rendered = rendered.heldBack();
    }
    memory.history = memory.history.with(rendered);

    Duration wait = Duration.ZERO;
    Applied applied = NOTHING;
    Finding accepted = rendered.accepted();
    String hash = hash(rendered, peer);
    if (rendered.config().isPresent()) {
      boolean write = !configMapHolds(key, rendered);
      wait = write ? Duration.ofNanos(memory.pace.waitNanos()) : Duration.ZERO;
      if (wait.isZero()) {
        applied = applier.apply(peer, rendered.children());
        if (write) {
          memory.pace.write();
        }
        accepted = applied.finding().orElse(accepted);
      }
    }

    List<Pod> pods = cache.podsOf(key);
    if (wait.isZero() && !hash.isEmpty()) {
      observer.expect(key, hash, targets(pods, peer.getSpec().listen().metricsPort()));
    }
    List<PodView> views = PodView.of(pods, observer);
    outcomes
        .put(
            key,
            new Outcomes.Outcome(
                rendered.services(),
                views,
                memory.history,
                statuses.hosts(key),
                PeerPorts.front(peer)))
        .forEach(services::trigger);

    ProxyPeerStatus status =
        statuses.of(
            peer,
            rendered,
            accepted,
            hash,
            identity,
            views,
            rollout(key, peer.getSpec().replicas(), applied, views));
    boolean stands =
        PodView.unasked(views)
            && peer.getStatus() != null
            && hash.equals(peer.getStatus().configHash())
            && status.observedGeneration().equals(peer.getStatus().observedGeneration());
    UpdateControl<ProxyPeer> update = stands ? UpdateControl.noUpdate() : update(peer, status);
    Optional<Duration> again = wait.isZero() ? applied.again() : Optional.of(wait.plusMillis(1));
    return Stream.of(again, identity.map(Identities.State::again))
        .flatMap(Optional::stream)
        .min(Duration::compareTo)
        .map(update::rescheduleAfter)
        .orElse(update);
  }

  private Optional<Finding> rollout(
      ObjectKey key, int desired, Applied applied, List<PodView> pods) {
    return Rollout.finding(
        cache.child("Deployment", key).map(one -> (Deployment) one),
        desired,
        applied.pending().contains("Deployment"),
        pods);
  }

  /** Of what was rendered, or of what runs on while a spec is refused. */
  private static String hash(Rendered rendered, ProxyPeer peer) {
    return rendered
        .config()
        .map(Rendered.PodConfig::hash)
        .orElse(
            peer.getStatus() == null || peer.getStatus().configHash() == null
                ? ""
                : peer.getStatus().configHash());
  }

  private boolean configMapHolds(ObjectKey peer, Rendered rendered) {
    return existingConfig(peer)
        .filter(yaml -> yaml.equals(rendered.config().orElseThrow().yaml()))
        .isPresent();
  }

  /** The text of the configuration in the cluster. */
  private Optional<String> existingConfig(ObjectKey peer) {
    return cache
        .child("ConfigMap", new ObjectKey(peer.namespace(), ChildNames.configMap(peer.name())))
        .flatMap(one -> ConfigMaps.yaml((ConfigMap) one));
  }

  private static List<PodTarget> targets(List<Pod> pods, int port) {
    List<PodTarget> targets = new ArrayList<>();
    for (Pod pod : pods) {
      boolean asked =
          pod.getMetadata().getDeletionTimestamp() == null
              && pod.getStatus() != null
              && pod.getStatus().getPodIP() != null
              && "Running".equals(pod.getStatus().getPhase());
      if (asked) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        String annotation = annotations == null ? null : annotations.get(Labels.CONFIG_HASH);
        targets.add(
            new PodTarget(
                ObjectKey.of(pod),
                pod.getMetadata().getUid(),
                pod.getStatus().getPodIP(),
                port,
                annotation == null ? "" : annotation));
      }
    }
    return targets;
  }

  private UpdateControl<ProxyPeer> update(ProxyPeer peer, ProxyPeerStatus status) {
    metrics.observed("ProxyPeer", ObjectKey.of(peer), status.conditions());
    if (Objects.equals(status, peer.getStatus())) {
      return UpdateControl.noUpdate();
    }
    events.changes(
        peer, peer.getStatus() == null ? null : peer.getStatus().conditions(), status.conditions());
    ProxyPeer fresh = new ProxyPeer();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(peer.getMetadata().getNamespace())
            .withName(peer.getMetadata().getName())
            .build());
    fresh.setStatus(status);
    return UpdateControl.patchStatus(fresh);
  }
}
