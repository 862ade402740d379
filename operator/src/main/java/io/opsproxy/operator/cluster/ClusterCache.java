package io.opsproxy.operator.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.render.Labels;
import io.opsproxy.operator.render.Lookup;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.OptionalKind;
import io.opsproxy.operator.render.References;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What the operator knows of the cluster. Nothing may be rendered from it before {@link #synced}:
 * half a cache would take names away that are served. Thread-safe.
 */
public final class ClusterCache implements Lookup, AutoCloseable {
  private static final String BY_PEER = "peer";
  private static final String BY_BACKEND = "backend";
  private static final String BY_REMOTE = "remote";
  private static final String BY_TRUST = "trust";
  private static final String BY_OWNER = "owner";

  private static final String NAME_LABEL = "kubernetes.io/metadata.name";

  private final Watched<ProxyPeer> peers;
  private final Watched<ExposedService> exposed;
  private final Watched<Service> services;
  private final Watched<Pod> pods;
  private final Watched<Namespace> namespaces;

  /** By kind. */
  private final Map<String, Watched<? extends HasMetadata>> children = new ConcurrentHashMap<>();

  /** Those of them that come and go, and that nothing waits for. */
  private final Set<String> optional = ConcurrentHashMap.newKeySet();

  private final NamedConfigMaps authorities;
  private final Scope scope;
  private final Triggers triggers;

  /**
   * @param watchedNamespaces none for all; then the labels of namespaces are known, too
   */
  public ClusterCache(KubernetesClient client, List<String> watchedNamespaces, Triggers triggers) {
    this.triggers = triggers;
    scope = new Scope(client, watchedNamespaces);
    peers = scope.all(ProxyPeer.class);
    exposed = scope.all(ExposedService.class);
    services = scope.all(Service.class);
    pods = scope.labelled(Pod.class);
    namespaces =
        new Watched<>(
            "Namespace",
            watchedNamespaces.isEmpty()
                ? List.of(client.namespaces().runnableInformer(0))
                : List.of());
    authorities =
        new NamedConfigMaps(
            client, map -> peersTrusting(map).forEach(one -> triggers.peer(ObjectKey.of(one))));
    child("ServiceAccount", scope.labelled(ServiceAccount.class));
    child("ConfigMap", scope.labelled(ConfigMap.class));
    child("NetworkPolicy", scope.labelled(NetworkPolicy.class));
    child("PodDisruptionBudget", scope.labelled(PodDisruptionBudget.class));
    child("Deployment", scope.labelled(Deployment.class));
    index();
    handle();
  }

  private <T extends HasMetadata> void child(String kind, Watched<T> watched) {
    watched.index(BY_OWNER, ClusterCache::ownerUids);
    watched.onChange((before, now) -> triggers.peer(peerOfChild(now)));
    children.put(kind, watched);
  }

  /** Begins to watch a kind that the cluster has now. */
  void watch(OptionalKind kind) {
    Watched<GenericKubernetesResource> watched =
        scope.labelled(
            kind.kind(), scope.client().genericKubernetesResources(OptionalKinds.context(kind)));
    optional.add(kind.kind());
    child(kind.kind(), watched);
    watched.start();
  }

  /** The cluster does not have the kind any more. */
  void unwatch(OptionalKind kind) {
    optional.remove(kind.kind());
    Watched<?> watched = children.remove(kind.kind());
    if (watched != null) {
      watched.close();
    }
  }

  private void index() {
    exposed.index(BY_PEER, one -> List.of(ObjectKey.peerOf(one).toString()));
    exposed.index(BY_BACKEND, one -> texts(References.services(one)));
    peers.index(BY_REMOTE, one -> texts(References.peers(one)));
    peers.index(BY_BACKEND, one -> texts(References.services(one)));
    peers.index(BY_TRUST, one -> texts(References.configMaps(one)));
    services.index(BY_OWNER, ClusterCache::ownerUids);
    pods.index(BY_PEER, pod -> List.of(peerOfChild(pod).toString()));
  }

  private static List<String> texts(List<ObjectKey> keys) {
    return keys.stream().map(ObjectKey::toString).distinct().toList();
  }

  private static List<String> ownerUids(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream().map(OwnerReference::getUid).toList();
  }

  private static ObjectKey peerOfChild(HasMetadata child) {
    String name = child.getMetadata().getLabels().getOrDefault(Labels.INSTANCE, "");
    return new ObjectKey(child.getMetadata().getNamespace(), name);
  }

  private void handle() {
    exposed.onChange(
        (before, now) -> {
          // Also the peer that it has left.
          if (before != null) {
            triggers.peer(ObjectKey.peerOf(before));
          }
          triggers.peer(ObjectKey.peerOf(now));
          if (exposed.get(ObjectKey.of(now)).isEmpty()) {
            triggers.serviceGone(ObjectKey.of(now));
          } else if (isChanged(before, now)) {
            triggers.changed(now);
            triggers.service(ObjectKey.of(now));
          }
        });
    peers.onChange(
        (before, now) -> {
          ObjectKey key = ObjectKey.of(now);
          followAuthorities(before, now);
          peers.by(BY_REMOTE, key.toString()).forEach(one -> triggers.peer(ObjectKey.of(one)));
          if (isChanged(before, now) || get(key).isEmpty()) {
            // Those that it dials, and dialled, trust it or do not.
            Stream.of(before, now)
                .filter(Objects::nonNull)
                .flatMap(one -> References.peers(one).stream())
                .distinct()
                .forEach(triggers::peer);
          }
          // Its coming and going is what they hear of; all else they learn from a look at it.
          if (before == null) {
            exposed.by(BY_PEER, key.toString()).forEach(one -> triggers.service(ObjectKey.of(one)));
          }
          if (get(key).isEmpty()) {
            triggers.peerGone(key, now.getMetadata().getUid());
          } else if (isChanged(before, now)) {
            triggers.changed(now);
            // Looks at it come to nothing until this cache has it.
            triggers.peer(key);
          }
        });
    services.onChange(
        (before, now) -> {
          if (Labels.MANAGER.equals(label(now, Labels.MANAGED_BY))) {
            triggers.peer(peerOfChild(now));
          }
          boolean same = before != null && Objects.equals(before.getSpec(), now.getSpec());
          if (!same) {
            String key = ObjectKey.of(now).toString();
            exposed.by(BY_BACKEND, key).forEach(one -> triggers.peer(ObjectKey.peerOf(one)));
            peers.by(BY_BACKEND, key).forEach(one -> triggers.peer(ObjectKey.of(one)));
          }
        });
    pods.onChange((before, now) -> triggers.peer(peerOfChild(now)));
    namespaces.onChange(
        (before, now) -> {
          boolean same =
              before != null
                  && Objects.equals(
                      before.getMetadata().getLabels(), now.getMetadata().getLabels());
          if (!same) {
            peers.all().stream()
                .filter(peer -> References.namespaceLabels(peer))
                .forEach(peer -> triggers.peer(ObjectKey.of(peer)));
          }
        });
  }

  private List<ProxyPeer> peersTrusting(ObjectKey map) {
    return peers.by(BY_TRUST, map.toString());
  }

  private void followAuthorities(ProxyPeer before, ProxyPeer now) {
    Stream.of(before, now)
        .filter(Objects::nonNull)
        .flatMap(one -> References.configMaps(one).stream())
        .distinct()
        .filter(map -> peersTrusting(map).isEmpty())
        .forEach(authorities::unwatch);
  }

  private static boolean isChanged(HasMetadata before, HasMetadata now) {
    return before == null
        || !Objects.equals(before.getMetadata().getGeneration(), now.getMetadata().getGeneration());
  }

  private static String label(HasMetadata object, String name) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels == null ? null : labels.get(name);
  }

  public void start() {
    watched().forEach(Watched::start);
  }

  /** Whether everything that must be there has been read once. */
  public boolean synced() {
    return needed().allMatch(Watched::synced);
  }

  /** What of it has not been read yet, and why, as people write it. */
  public List<String> missing() {
    return needed().map(Watched::missing).flatMap(Optional::stream).toList();
  }

  /** Whether all objects of an optional kind are known. */
  boolean synced(OptionalKind kind) {
    Watched<?> watched = children.get(kind.kind());
    return watched != null && watched.synced();
  }

  /** Why they are not. */
  Optional<String> missing(OptionalKind kind) {
    Watched<?> watched = children.get(kind.kind());
    return watched == null ? Optional.empty() : watched.missing();
  }

  /** Whether every watch hears of changes now. */
  public boolean watching() {
    return needed().allMatch(Watched::watching);
  }

  private Stream<Watched<?>> needed() {
    return Stream.concat(
        Stream.of(peers, exposed, services, pods, namespaces),
        children.entrySet().stream()
            .filter(entry -> !optional.contains(entry.getKey()))
            .map(Map.Entry::getValue));
  }

  private Stream<Watched<?>> watched() {
    return Stream.concat(
        Stream.of(peers, exposed, services, pods, namespaces), children.values().stream());
  }

  private Optional<ProxyPeer> get(ObjectKey key) {
    return peers.get(key);
  }

  public List<ProxyPeer> peers() {
    return peers.all();
  }

  public List<ExposedService> exposedServices() {
    return exposed.all();
  }

  public Optional<ExposedService> exposedService(ObjectKey key) {
    return exposed.get(key);
  }

  /** Those that name the peer now and are not being deleted. */
  public List<ExposedService> servicesOf(ObjectKey peer) {
    return exposed.by(BY_PEER, peer.toString()).stream()
        .filter(one -> one.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  public List<Pod> podsOf(ObjectKey peer) {
    return pods.by(BY_PEER, peer.toString());
  }

  /** A child as it is in the cluster; empty when it is not there or does not carry our label. */
  public Optional<? extends HasMetadata> child(String kind, ObjectKey key) {
    Watched<? extends HasMetadata> watched = kind.equals("Service") ? services : children.get(kind);
    return watched == null ? Optional.empty() : watched.get(key);
  }

  /** The identity of a namespace; empty when it is not known. */
  public Optional<String> namespaceUid(String namespace) {
    return namespaces.get(new ObjectKey(null, namespace)).map(one -> one.getMetadata().getUid());
  }

  /** All children that belong to the peer with this identity. */
  public List<HasMetadata> childrenOf(String uid) {
    List<HasMetadata> found = new ArrayList<>(services.by(BY_OWNER, uid));
    children.values().forEach(kind -> found.addAll(kind.by(BY_OWNER, uid)));
    return found;
  }

  @Override
  public boolean knowsServices() {
    return true;
  }

  @Override
  public Optional<Service> service(ObjectKey key) {
    return services.get(key);
  }

  @Override
  public Optional<ProxyPeer> peer(ObjectKey key) {
    return peers.get(key);
  }

  @Override
  public List<ProxyPeer> peersNaming(ObjectKey peer) {
    return peers.by(BY_REMOTE, peer.toString());
  }

  @Override
  public Optional<ConfigMap> configMap(ObjectKey key) {
    return authorities.get(key);
  }

  @Override
  public Map<String, String> namespaceLabels(String namespace) {
    Map<String, String> labels =
        namespaces
            .get(new ObjectKey(null, namespace))
            .map(one -> one.getMetadata().getLabels())
            .orElse(null);
    // Every namespace has this one, also where namespaces cannot be watched.
    return labels == null ? Map.of(NAME_LABEL, namespace) : labels;
  }

  @Override
  public void close() {
    watched().forEach(Watched::close);
    authorities.close();
  }
}
