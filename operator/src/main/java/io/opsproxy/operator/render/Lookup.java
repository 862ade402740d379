package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The objects that a peer and its services refer to, as of one moment. */
public interface Lookup {
  /**
   * Whether a Service that {@link #service} does not know does not exist: not so without a cluster.
   */
  boolean knowsServices();

  Optional<Service> service(ObjectKey key);

  Optional<ProxyPeer> peer(ObjectKey key);

  /** Those that dial the peer by a reference. */
  List<ProxyPeer> peersNaming(ObjectKey peer);

  /** One that an object names, whoever wrote it. */
  Optional<ConfigMap> configMap(ObjectKey key);

  /** Labels of a namespace; empty when it is not known. */
  Map<String, String> namespaceLabels(String namespace);
}
