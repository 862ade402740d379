package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.IntOrString;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Ports that connections go to: of Services and of the pods behind them, because a NetworkPolicy
 * sees the port of a pod.
 *
 * @param known false when they cannot be told; then everything is to be admitted
 * @param ports numbers, and names of ports of pods; each once, in a fixed order
 */
record Egress(boolean known, List<IntOrString> ports) {
  static final Egress NONE = new Egress(true, List.of());
  static final Egress UNKNOWN = new Egress(false, List.of());

  Egress {
    ports = List.copyOf(ports);
  }

  static Egress of(IntOrString... ports) {
    return sum(List.of(new Egress(true, List.of(ports))));
  }

  static Egress of(int port) {
    return new Egress(true, List.of(new IntOrString(port)));
  }

  Egress and(Egress other) {
    return sum(List.of(this, other));
  }

  static Egress sum(Iterable<Egress> all) {
    Map<String, IntOrString> sorted = new TreeMap<>(Comparator.naturalOrder());
    for (Egress one : all) {
      if (!one.known) {
        return UNKNOWN;
      }
      one.ports.forEach(port -> sorted.put(text(port), port));
    }
    return new Egress(true, List.copyOf(sorted.values()));
  }

  private static String text(IntOrString port) {
    return port.getIntVal() != null ? String.format("%05d", port.getIntVal()) : port.getStrVal();
  }
}
