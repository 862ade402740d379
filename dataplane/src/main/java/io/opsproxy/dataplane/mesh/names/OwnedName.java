package io.opsproxy.dataplane.mesh.names;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.util.List;

/** A name that other peers serve, with those that serve it now. Written by the registry alone. */
public final class OwnedName<O extends Owner> {
  private final HostName name;
  private final NameMetrics metrics;
  private List<Advertisement<O>> all = List.of();
  private volatile List<Advertisement<O>> entitled = List.of();

  OwnedName(HostName name, NameMetrics metrics) {
    this.name = name;
    this.metrics = metrics;
  }

  /** As it was registered; it may be a wildcard. */
  public HostName name() {
    return name;
  }

  /** The meters of the name. */
  public NameMetrics metrics() {
    return metrics;
  }

  /**
   * Those that connections go to, in the order in which they came: at most one for each link and
   * each peer that serves the name. Where an owner has a verified identity, those without one
   * neither displace it nor share with it. Any thread.
   */
  public List<Advertisement<O>> advertisements() {
    return entitled;
  }

  /** All that say so, entitled or not. On the registry's thread. */
  List<Advertisement<O>> all() {
    return all;
  }

  void all(List<Advertisement<O>> next) {
    all = List.copyOf(next);
    List<Advertisement<O>> verified =
        all.stream().filter(one -> one.identity().isPresent()).toList();
    entitled = verified.isEmpty() ? all : verified;
  }
}
