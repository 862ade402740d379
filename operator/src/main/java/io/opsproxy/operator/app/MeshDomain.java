package io.opsproxy.operator.app;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.opsproxy.operator.apply.Trouble;
import io.opsproxy.operator.cluster.ClusterCache;
import io.opsproxy.operator.identity.OperatorAuthority;
import java.io.IOException;
import java.util.Optional;

/**
 * The domain of the ids of peers: that of the settings, or one that no other cluster has, made of
 * the identity of the namespace {@code kube-system}, which lives as long as its cluster.
 */
final class MeshDomain implements OperatorAuthority.Domain {
  private static final String NAMESPACE = "kube-system";
  private static final String SUFFIX = ".ops-proxy.internal";

  private final KubernetesClient client;
  private final ClusterCache cache;
  private final Optional<String> said;

  MeshDomain(KubernetesClient client, ClusterCache cache, Optional<String> said) {
    this.client = client;
    this.cache = cache;
    this.said = said;
  }

  @Override
  public String get() throws IOException {
    if (said.isPresent()) {
      return said.get();
    }
    Optional<String> uid = cache.namespaceUid(NAMESPACE);
    if (uid.isEmpty()) {
      // An operator that watches some namespaces only knows none of them.
      try {
        uid =
            Optional.ofNullable(client.namespaces().withName(NAMESPACE).get())
                .map(one -> one.getMetadata().getUid());
      } catch (KubernetesClientException e) {
        throw new IOException(
            "the domain of the mesh is not known: "
                + Trouble.words(e)
                + "; say it with --mesh-domain",
            e);
      }
    }
    return uid.map(one -> one + SUFFIX)
        .orElseThrow(
            () ->
                new IOException(
                    "the domain of the mesh is not known: there is no namespace "
                        + NAMESPACE
                        + "; say it with --mesh-domain"));
  }
}
