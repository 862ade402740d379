package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import java.util.Map;

/** What all children of a peer have in common. */
public final class Child {
  private Child() {}

  /** Metadata with our labels and the owner. */
  public static ObjectMeta meta(ProxyPeer peer, String name) {
    return meta(peer, name, Map.of(), Map.of());
  }

  /**
   * @param labels further ones
   * @param annotations may be empty
   */
  static ObjectMeta meta(
      ProxyPeer peer, String name, Map<String, String> labels, Map<String, String> annotations) {
    ObjectKey key = ObjectKey.of(peer);
    ObjectMetaBuilder meta =
        new ObjectMetaBuilder()
            .withNamespace(key.namespace())
            .withName(name)
            .withLabels(Labels.of(key.name(), labels));
    if (!annotations.isEmpty()) {
      meta.withAnnotations(annotations);
    }
    // An object that is not in a cluster has no identity that could own anything.
    if (peer.getMetadata().getUid() != null) {
      meta.withOwnerReferences(
          new OwnerReferenceBuilder()
              .withApiVersion(peer.getApiVersion())
              .withKind(peer.getKind())
              .withName(key.name())
              .withUid(peer.getMetadata().getUid())
              .withController(true)
              .withBlockOwnerDeletion(true)
              .build());
    }
    return meta.build();
  }
}
