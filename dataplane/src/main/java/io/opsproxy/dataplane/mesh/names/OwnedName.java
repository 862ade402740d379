package io.opsproxy.dataplane.mesh.names;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.util.List;

/** A name that other peers serve, with those that serve it now. Written by the registry alone. */
public final class OwnedName<O extends Owner> {
  private final HostName name;
  private final NameMetrics metrics;
  private volatile List<Advertisement<O>> advertisements = List.of();

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

  /** At most one of each owner, in the order in which they came. Any thread. */
  public List<Advertisement<O>> advertisements() {
    return advertisements;
  }

  void advertisements(List<Advertisement<O>> next) {
    advertisements = List.copyOf(next);
  }
}
