package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.AllowedNamespaces;
import io.opsproxy.api.v1alpha1.ProxyPeer;

/** Which namespaces may attach to a peer. */
final class Admission {
  private Admission() {}

  /** Whether objects of this namespace may name the peer. */
  static boolean admits(ProxyPeer peer, String namespace, Lookup lookup) {
    AllowedNamespaces allowed = peer.getSpec().allowedNamespaces();
    return namespace.equals(peer.getMetadata().getNamespace())
        || switch (allowed.from()) {
          case SAME -> false;
          case ALL -> true;
          case SELECTOR -> Selectors.matches(allowed.selector(), lookup.namespaceLabels(namespace));
        };
  }

  /** Why not, and what to do about it. */
  static String refusal(ProxyPeer peer, String namespace) {
    return "ProxyPeer "
        + ObjectKey.of(peer)
        + " does not admit objects of namespace "
        + namespace
        + ": "
        + switch (peer.getSpec().allowedNamespaces().from()) {
          case SAME ->
              "its allowedNamespaces.from is Same; set it to All or Selector, or move the object";
          case SELECTOR ->
              "the namespace does not match its allowedNamespaces.selector; label the namespace, or"
                  + " change the selector";
          case ALL -> "it admits all";
        };
  }
}
