package io.opsproxy.operator.local;

import io.opsproxy.api.v1alpha1.Admin;
import io.opsproxy.api.v1alpha1.ProxyPeerSpec;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.Rendered;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a peer on this machine is found.
 *
 * @param proxy clients and peers
 * @param metrics status pages
 * @param further admin pages and listeners of single services, by name
 */
public record Addresses(String proxy, String metrics, SortedMap<String, String> further) {
  static Addresses of(ObjectKey key, ProxyPeerSpec spec, Rendered rendered, Ports ports) {
    SortedMap<String, String> further = new TreeMap<>();
    Admin admin = spec.admin();
    if (admin.enabled()) {
      further.put("admin", at(ports.of(key, admin.port())));
    }
    rendered
        .services()
        .values()
        .forEach(
            one ->
                one.served()
                    .flatMap(served -> served.listener())
                    .ifPresent(port -> further.put(port.name(), at(ports.of(key, port.inPod())))));
    return new Addresses(
        at(ports.of(key, spec.listen().proxyPort())),
        at(ports.of(key, spec.listen().metricsPort())),
        further);
  }

  private static String at(int port) {
    return "127.0.0.1:" + port;
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder("proxy=").append(proxy).append(" metrics=").append(metrics);
    further.forEach((name, address) -> text.append(' ').append(name).append('=').append(address));
    return text.toString();
  }
}
