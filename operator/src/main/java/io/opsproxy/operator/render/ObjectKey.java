package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.PeerReference;

/**
 * Which object of a kind; sorts by namespace, then name.
 *
 * @param namespace never null
 * @param name never null
 */
public record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {
  public static ObjectKey of(HasMetadata object) {
    return new ObjectKey(object.getMetadata().getNamespace(), object.getMetadata().getName());
  }

  /** The peer that a reference means in an object of this namespace. */
  public static ObjectKey of(PeerReference reference, String namespace) {
    return new ObjectKey(
        reference.namespace() == null || reference.namespace().isEmpty()
            ? namespace
            : reference.namespace(),
        reference.name());
  }

  /** The peer that an ExposedService names; one without a name where that cannot be read. */
  public static ObjectKey peerOf(ExposedService service) {
    if (service.getSpec().peerRef() == null || service.getSpec().peerRef().name() == null) {
      return new ObjectKey(service.getMetadata().getNamespace(), "");
    }
    return of(service.getSpec().peerRef(), service.getMetadata().getNamespace());
  }

  @Override
  public int compareTo(ObjectKey other) {
    int order = namespace.compareTo(other.namespace);
    return order != 0 ? order : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
