package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.AllowedHostnames;
import io.opsproxy.api.v1alpha1.BackendAddress;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.IdentityMode;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.api.v1alpha1.RemotePeer;
import io.opsproxy.api.v1alpha1.ServiceReference;
import io.opsproxy.api.v1alpha1.TrustedPeers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What objects name of others, so that these are looked at when the others change. Total. */
public final class References {
  private References() {}

  /** Services that an object names, as a reference or by their addresses. */
  public static List<ObjectKey> services(ExposedService service) {
    if (service.getSpec().backend() == null) {
      return List.of();
    }
    ServiceReference reference = service.getSpec().backend().serviceRef();
    if (reference != null) {
      return List.of(new ObjectKey(service.getMetadata().getNamespace(), reference.name()));
    }
    String namespace = ObjectKey.peerOf(service).namespace();
    List<ObjectKey> named = new ArrayList<>();
    for (BackendAddress address : service.getSpec().backend().addresses()) {
      add(address.address(), namespace, named);
    }
    return named;
  }

  /** Services that a peer dials by their addresses. */
  public static List<ObjectKey> services(ProxyPeer peer) {
    List<ObjectKey> named = new ArrayList<>();
    for (RemotePeer remote : peer.getSpec().remotePeers()) {
      if (remote.peerRef() == null) {
        add(remote.address(), peer.getMetadata().getNamespace(), named);
      }
    }
    return named;
  }

  /** Peers of the cluster that a peer dials. */
  public static List<ObjectKey> peers(ProxyPeer peer) {
    return peer.getSpec().remotePeers().stream()
        .filter(remote -> remote.peerRef() != null)
        .map(remote -> ObjectKey.of(remote.peerRef(), peer.getMetadata().getNamespace()))
        .toList();
  }

  /** ConfigMaps that a peer takes certificates of authorities from. */
  public static List<ObjectKey> configMaps(ProxyPeer peer) {
    return peer.getSpec().mesh().trust().stream()
        .map(TrustedPeers::configMapRef)
        .filter(Objects::nonNull)
        .map(one -> new ObjectKey(peer.getMetadata().getNamespace(), one.name()))
        .distinct()
        .toList();
  }

  /** The Secret that a peer has its certificate from, if people make it. */
  public static List<ObjectKey> secrets(ProxyPeer peer) {
    return peer.getSpec().mesh().identity().mode() == IdentityMode.SECRET
        ? List.of(
            new ObjectKey(
                peer.getMetadata().getNamespace(), peer.getSpec().mesh().identity().secretName()))
        : List.of();
  }

  /** Whether what the peer admits depends on the labels of namespaces. */
  public static boolean namespaceLabels(ProxyPeer peer) {
    List<AllowedHostnames> hostnames = peer.getSpec().allowedHostnames();
    return peer.getSpec().allowedNamespaces().selector() != null
        || (hostnames != null
            && hostnames.stream().anyMatch(one -> one.namespaces().selector() != null));
  }

  private static void add(String address, String namespace, List<ObjectKey> named) {
    int colon = address == null ? -1 : address.lastIndexOf(':');
    if (colon > 0) {
      ServiceAddress.of(address.substring(0, colon), namespace).ifPresent(named::add);
    }
  }
}
