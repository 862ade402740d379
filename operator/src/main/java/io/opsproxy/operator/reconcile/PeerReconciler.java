package io.opsproxy.operator.reconcile;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.opsproxy.api.v1alpha1.AddressType;
import io.opsproxy.api.v1alpha1.AttachedServices;
import io.opsproxy.api.v1alpha1.PeerAddress;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.api.v1alpha1.ProxyPeerStatus;
import io.opsproxy.api.v1alpha1.RemotePeerStatus;
import io.opsproxy.api.v1alpha1.ReplicaStatus;
import io.opsproxy.operator.observe.PodObserver;
import io.opsproxy.operator.observe.PodTarget;
import io.opsproxy.operator.render.ChildNames;
import io.opsproxy.operator.render.Labels;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.Options;
import io.opsproxy.operator.render.PeerRenderer;
import io.opsproxy.operator.render.Rendered;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Conditions;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * A ProxyPeer: observe, render, apply, say what came of it. One peer is reconciled by one thread at
 * a time.
 */
@ControllerConfiguration(
    name = "proxypeer",
    fieldManager = Labels.MANAGER,
    informer = @Informer(name = "proxypeer"))
final class PeerReconciler implements Reconciler<ProxyPeer> {
  private final ClusterCache cache;
  private final OptionalKinds kinds;
  private final Applier applier;
  private final PodObserver observer;
  private final Outcomes outcomes;
  private final EventRecorder events;
  private final OperatorMetrics metrics;
  private final Options options;
  private final TriggerSource<ProxyPeer> triggers;
  private final TriggerSource<?> services;
  private final Map<ObjectKey, Memory> memories = new ConcurrentHashMap<>();

  /** What is kept of a peer between two looks; nothing that could not be lost. */
  private static final class Memory {
    private final WritePace pace = new WritePace(System::nanoTime);
    private final ConfigHistory history = new ConfigHistory();
  }

  PeerReconciler(
      ClusterCache cache,
      OptionalKinds kinds,
      Applier applier,
      PodObserver observer,
      Outcomes outcomes,
      EventRecorder events,
      OperatorMetrics metrics,
      Options options,
      TriggerSource<ProxyPeer> triggers,
      TriggerSource<?> services) {
    this.cache = cache;
    this.kinds = kinds;
    this.applier = applier;
    this.observer = observer;
    this.outcomes = outcomes;
    this.events = events;
    this.metrics = metrics;
    this.options = options;
    this.triggers = triggers;
    this.services = services;
  }

  @Override
  public List<EventSource<?, ProxyPeer>> prepareEventSources(
      EventSourceContext<ProxyPeer> context) {
    return List.of(triggers);
  }

  /** The peer is gone: what was kept of it goes, too. */
  void forget(ObjectKey peer) {
    memories.remove(peer);
    outcomes.remove(peer);
    observer.forget(peer);
  }

  @Override
  public UpdateControl<ProxyPeer> reconcile(ProxyPeer peer, Context<ProxyPeer> context) {
    return metrics.timed("ProxyPeer", () -> reconcile(peer));
  }

  private UpdateControl<ProxyPeer> reconcile(ProxyPeer peer) {
    ObjectKey key = ObjectKey.of(peer);
    Memory memory =
        memories.computeIfAbsent(
            key,
            any -> {
              Memory fresh = new Memory();
              existingConfig(key).ifPresent(fresh.history::add);
              return fresh;
            });
    Rendered rendered =
        PeerRenderer.render(peer, cache.servicesOf(key), cache, kinds.known(), options);
    memory.history.add(rendered);

    Duration wait = Duration.ZERO;
    Finding accepted = rendered.accepted();
    String hash = hash(rendered, peer);
    if (rendered.config().isPresent()) {
      boolean write = !configMapHolds(key, rendered);
      wait = write ? Duration.ofNanos(memory.pace.waitNanos()) : Duration.ZERO;
      if (wait.isZero()) {
        List<String> foreign = applier.apply(peer, rendered.children());
        if (write) {
          memory.pace.write();
        }
        if (!foreign.isEmpty()) {
          accepted = notOwned(foreign);
        }
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
                hosts(key),
                peer.getSpec().listen().proxyPort()))
        .forEach(services::trigger);

    ProxyPeerStatus status = status(peer, rendered, accepted, hash, views);
    boolean stands =
        PodView.unasked(views)
            && peer.getStatus() != null
            && hash.equals(peer.getStatus().configHash())
            && status.observedGeneration().equals(peer.getStatus().observedGeneration());
    UpdateControl<ProxyPeer> update = stands ? UpdateControl.noUpdate() : update(peer, status);
    return wait.isZero() ? update : update.rescheduleAfter(wait.plusMillis(1));
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
        .map(one -> ((ConfigMap) one).getData())
        .map(data -> data.get("config.yaml"));
  }

  private static Finding notOwned(List<String> foreign) {
    return Finding.of(
        ConditionType.ACCEPTED,
        Reason.NOT_OWNED,
        String.join(", ", foreign)
            + (foreign.size() == 1 ? " exists and belongs" : " exist and belong")
            + " to somebody else; it is left alone. Delete or rename it, or rename the ProxyPeer");
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

  /** Hosts under which the front Service is reached, the one of the cluster first. */
  private List<String> hosts(ObjectKey peer) {
    List<String> hosts = new ArrayList<>();
    hosts.add(peer.name() + "." + peer.namespace() + ".svc");
    Optional<Service> service = cache.service(peer);
    if (service.isPresent()
        && service.get().getStatus() != null
        && service.get().getStatus().getLoadBalancer() != null) {
      for (LoadBalancerIngress ingress : service.get().getStatus().getLoadBalancer().getIngress()) {
        hosts.add(ingress.getIp() != null ? ingress.getIp() : ingress.getHostname());
      }
    }
    return hosts;
  }

  private ProxyPeerStatus status(
      ProxyPeer peer, Rendered rendered, Finding accepted, String hash, List<PodView> pods) {
    ObjectKey key = ObjectKey.of(peer);
    int desired = peer.getSpec().replicas();
    ProxyPeerStatus before = peer.getStatus();
    Instant now = Instant.now();
    List<RemotePeerStatus> remotes =
        PeerFindings.remotes(
            rendered.config().map(Rendered.PodConfig::remotePeers).orElse(List.of()),
            pods,
            before == null ? List.of() : before.remotePeers(),
            now);
    Finding programmed = PeerFindings.programmed(desired, hash, pods, stuck(key));
    List<Finding> findings = new ArrayList<>();
    findings.add(accepted);
    findings.add(rendered.resolvedRefs());
    findings.add(programmed);
    findings.add(PeerFindings.connected(remotes, desired, pods));
    // A remote place that is down does not make this one unready.
    findings.add(Conditions.ready(List.of(accepted, rendered.resolvedRefs(), programmed)));
    List<Condition> old = before == null ? null : before.conditions();
    List<Condition> conditions =
        Conditions.merge(old, findings, peer.getMetadata().getGeneration(), now);
    int served =
        (int) rendered.services().values().stream().filter(one -> one.served().isPresent()).count();
    return new ProxyPeerStatus(
        peer.getMetadata().getGeneration(),
        conditions,
        hash.isEmpty() ? null : hash,
        Labels.selector(key.name()).entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(Collectors.joining(",")),
        new ReplicaStatus(
            desired,
            (int) pods.stream().filter(PodView::ready).count(),
            PeerFindings.programmed(desired, hash, pods)),
        hosts(key).stream()
            .map(
                host ->
                    new PeerAddress(
                        Character.isDigit(host.charAt(host.length() - 1))
                            ? AddressType.IP_ADDRESS
                            : AddressType.HOSTNAME,
                        host + ":" + peer.getSpec().listen().proxyPort()))
            .toList(),
        remotes,
        new AttachedServices(served, rendered.services().size() - served));
  }

  /** Why the cluster does not make the pods, as the Deployment says. */
  private String stuck(ObjectKey peer) {
    return cache
        .child("Deployment", peer)
        .map(one -> ((Deployment) one).getStatus())
        .map(
            status ->
                status.getConditions().stream()
                    .filter(one -> one.getType().equals("ReplicaFailure"))
                    .filter(one -> one.getStatus().equals("True"))
                    .map(one -> one.getMessage())
                    .findFirst()
                    .orElse(""))
        .orElse("");
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
