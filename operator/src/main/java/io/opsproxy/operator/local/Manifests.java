package io.opsproxy.operator.local;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.render.Lookup;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.References;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What files say, all of it valid by itself. Immutable.
 *
 * @param peers by key
 * @param services by key
 * @param backends Services that stand in the files as well
 * @param configMaps those that stand in the files
 * @param secrets those that stand in the files
 * @param namespaces labels of those Namespaces that stand in the files
 * @param passedOver how many objects of other kinds there are, by kind
 */
public record Manifests(
    SortedMap<ObjectKey, ProxyPeer> peers,
    SortedMap<ObjectKey, ExposedService> services,
    Map<ObjectKey, Service> backends,
    Map<ObjectKey, ConfigMap> configMaps,
    Map<ObjectKey, Secret> secrets,
    Map<String, Map<String, String>> namespaces,
    SortedMap<String, Integer> passedOver)
    implements Lookup {

  /** Those that name this peer. */
  public List<ExposedService> servicesOf(ObjectKey peer) {
    return services.values().stream()
        .filter(service -> ObjectKey.peerOf(service).equals(peer))
        .toList();
  }

  /** Files need not hold what they refer to. */
  @Override
  public boolean knowsServices() {
    return false;
  }

  @Override
  public Optional<Service> service(ObjectKey key) {
    return Optional.ofNullable(backends.get(key));
  }

  @Override
  public Optional<ProxyPeer> peer(ObjectKey key) {
    return Optional.ofNullable(peers.get(key));
  }

  @Override
  public List<ProxyPeer> peersNaming(ObjectKey peer) {
    return peers.values().stream().filter(other -> References.peers(other).contains(peer)).toList();
  }

  @Override
  public Optional<ConfigMap> configMap(ObjectKey key) {
    return Optional.ofNullable(configMaps.get(key));
  }

  @Override
  public Map<String, String> namespaceLabels(String namespace) {
    // Every cluster sets this one.
    return namespaces.getOrDefault(namespace, Map.of("kubernetes.io/metadata.name", namespace));
  }
}
