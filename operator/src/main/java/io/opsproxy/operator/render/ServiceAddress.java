package io.opsproxy.operator.render;

import java.util.Locale;
import java.util.Optional;

/** Addresses that the DNS of a cluster has for Services. Pure functions. */
final class ServiceAddress {
  private ServiceAddress() {}

  /**
   * The Service that a host may be the name of: {@code NAME}, {@code NAME.NAMESPACE}, {@code
   * NAME.NAMESPACE.svc}, and the last with the domain of a cluster behind it.
   *
   * @param namespace of the pod that looks it up
   */
  static Optional<ObjectKey> of(String host, String namespace) {
    String[] labels = labels(host);
    if (labels.length == 0 || host.indexOf(':') >= 0) {
      return Optional.empty();
    }
    if (labels.length == 1) {
      return Optional.of(new ObjectKey(namespace, labels[0]));
    }
    return labels.length == 2 || labels[2].equals("svc")
        ? Optional.of(new ObjectKey(labels[1], labels[0]))
        : Optional.empty();
  }

  /** Whether the name can only be that of a Service. */
  static boolean isQualified(String host) {
    String[] labels = labels(host);
    return labels.length >= 3 && labels[2].equals("svc");
  }

  private static String[] labels(String host) {
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return name.isEmpty() ? new String[0] : name.toLowerCase(Locale.ROOT).split("\\.", -1);
  }
}
