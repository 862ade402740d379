package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.AllowedHostnames;
import io.opsproxy.api.v1alpha1.AllowedNamespaces;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.dataplane.config.value.HostName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Which namespaces may attach to a peer, and what they may take there. Pure functions. */
final class Admission {
  private Admission() {}

  /** Whether objects of this namespace may name the peer. */
  static boolean admits(ProxyPeer peer, String namespace, Lookup lookup) {
    return namespace.equals(peer.getMetadata().getNamespace())
        || covers(peer.getSpec().allowedNamespaces(), peer, namespace, lookup);
  }

  private static boolean covers(
      AllowedNamespaces allowed, ProxyPeer peer, String namespace, Lookup lookup) {
    return switch (allowed.from()) {
      case SAME -> namespace.equals(peer.getMetadata().getNamespace());
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

  /**
   * Why objects of this namespace may not take all of the names; empty when they may.
   *
   * @param names as they are routed
   */
  static Optional<String> hostnames(
      ProxyPeer peer, String namespace, Iterable<HostName> names, Lookup lookup) {
    List<AllowedHostnames> entries = peer.getSpec().allowedHostnames();
    if (entries == null) {
      return Optional.empty();
    }
    TreeSet<String> allowed = new TreeSet<>();
    for (AllowedHostnames entry : entries) {
      if (covers(entry.namespaces(), peer, namespace, lookup)) {
        allowed.addAll(entry.hostnames());
      }
    }
    List<String> refused = new ArrayList<>();
    for (HostName name : names) {
      if (allowed.stream().noneMatch(pattern -> isWithin(name, pattern))) {
        refused.add("\"" + name.value() + "\"");
      }
    }
    if (refused.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        String.join(", ", refused)
            + (refused.size() == 1 ? " is" : " are")
            + " not allowed to namespace "
            + namespace
            + " at ProxyPeer "
            + ObjectKey.of(peer)
            + ", whose allowedHostnames give it "
            + (allowed.isEmpty() ? "no names" : String.join(", ", allowed)));
  }

  /** Whether everything that the name matches is matched by the pattern. */
  private static boolean isWithin(HostName name, String pattern) {
    if (pattern.equals("*")) {
      return true;
    }
    Optional<HostName> allowed = HostName.pattern(pattern);
    if (allowed.isEmpty()) {
      return false;
    }
    String suffix = allowed.get().value();
    return name.equals(allowed.get())
        || (allowed.get().isWildcard() && name.value().endsWith(suffix.substring(1)));
  }

  /**
   * Why an object of this namespace may not take a port of its own; empty when it may.
   *
   * @param port of the Service
   */
  static Optional<String> port(ProxyPeer peer, String namespace, int port) {
    List<String> ranges = peer.getSpec().listen().tenantPorts();
    if (ranges == null
        || namespace.equals(peer.getMetadata().getNamespace())
        || ranges.stream().anyMatch(range -> contains(range, port))) {
      return Optional.empty();
    }
    return Optional.of(
        "listenerPort "
            + port
            + " is not for objects of namespace "
            + namespace
            + ": listen.tenantPorts of ProxyPeer "
            + ObjectKey.of(peer)
            + (ranges.isEmpty() ? " are none" : " are " + String.join(", ", ranges)));
  }

  private static boolean contains(String range, int port) {
    int dash = range.indexOf('-');
    String path = "spec.listen.tenantPorts";
    int first =
        RefusedSpec.parse(path, dash < 0 ? range : range.substring(0, dash), Integer::valueOf);
    int last =
        dash < 0 ? first : RefusedSpec.parse(path, range.substring(dash + 1), Integer::valueOf);
    return first <= port && port <= last;
  }

  /** Whose a port is that the peer has for itself; empty when it is nobody's. */
  static Optional<String> ownPort(ProxyPeer peer, int port) {
    String field = null;
    if (port == peer.getSpec().listen().proxyPort()) {
      field = "listen.proxyPort";
    } else if (port == peer.getSpec().listen().metricsPort()) {
      field = "listen.metricsPort";
    } else if (port == PeerPorts.front(peer)) {
      field = "service.port";
    } else if (peer.getSpec().admin().enabled() && port == peer.getSpec().admin().port()) {
      field = "admin.port";
    }
    return Optional.ofNullable(field)
        .map(name -> "ProxyPeer " + ObjectKey.of(peer) + " itself (" + name + ")");
  }
}
