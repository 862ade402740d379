package io.opsproxy.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.opsproxy.operator.render.Labels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Informers over the namespaces that are watched. */
record Scope(KubernetesClient client, List<String> namespaces) {
  <T extends HasMetadata> Watched<T> all(Class<T> kind) {
    return of(kind.getSimpleName(), client.resources(kind), Map.of());
  }

  <T extends HasMetadata> Watched<T> labelled(Class<T> kind) {
    return labelled(kind.getSimpleName(), client.resources(kind));
  }

  /** Only what carries our label: the caches do not grow with what others have. */
  <T extends HasMetadata> Watched<T> labelled(String name, MixedOperation<T, ?, ?> kind) {
    return of(name, kind, Map.of(Labels.MANAGED_BY, Labels.MANAGER));
  }

  private <T extends HasMetadata> Watched<T> of(
      String name, MixedOperation<T, ?, ?> kind, Map<String, String> labels) {
    if (namespaces.isEmpty()) {
      return new Watched<>(
          name, List.of(kind.inAnyNamespace().withLabels(labels).runnableInformer(0)));
    }
    List<SharedIndexInformer<T>> informers = new ArrayList<>();
    for (String namespace : namespaces) {
      informers.add(kind.inNamespace(namespace).withLabels(labels).runnableInformer(0));
    }
    return new Watched<>(name, informers);
  }
}
