package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.ProxyPeerSpec;
import java.util.HashSet;
import java.util.Set;

/**
 * Where pods listen for ports that objects ask for: on the very port where a process without rights
 * may, else on one that nobody else has. Who came first keeps what it has, whoever comes later; so
 * routes are to be added in the order of their age.
 */
final class PodPorts {
  /** Ports below need a privilege that the pods do not have. */
  static final int FIRST_UNPRIVILEGED = 1024;

  /** The last 1024 ports, which hardly anybody asks for. */
  private static final int FIRST_SUBSTITUTE = 65_536 - FIRST_UNPRIVILEGED;

  private final boolean privileged;
  private final Set<Integer> taken = new HashSet<>();

  PodPorts(ProxyPeerSpec spec, boolean privileged) {
    this.privileged = privileged;
    taken.add(spec.listen().proxyPort());
    taken.add(spec.listen().metricsPort());
    taken.add(spec.admin().port());
  }

  /** Takes one for a port of the Service. */
  ListenerPort take(int port) {
    int inPod = privileged || port >= FIRST_UNPRIVILEGED ? port : FIRST_SUBSTITUTE + port;
    for (int next = FIRST_SUBSTITUTE - 1; !taken.add(inPod); next--) {
      inPod = next;
    }
    return new ListenerPort(port, inPod);
  }
}
