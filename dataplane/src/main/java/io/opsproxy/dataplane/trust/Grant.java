package io.opsproxy.dataplane.trust;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.NamePattern;
import java.util.ArrayList;
import java.util.List;

/**
 * What an admitted peer may do here: that of all entries of {@code mesh.trust} that admit it.
 * Immutable.
 */
public record Grant(List<NamePattern> names, boolean mayTransit) {
  public Grant {
    names = List.copyOf(names);
  }

  /**
   * Whether it may own this name. A wildcard may be owned where one pattern covers all that it
   * matches.
   *
   * @param name exact, or a wildcard such as {@code *.west.example.com}
   */
  public boolean mayOwn(HostName name) {
    for (NamePattern pattern : names) {
      if (pattern.covers(name)) {
        return true;
      }
    }
    return false;
  }

  /** Both together. */
  Grant and(Grant other) {
    List<NamePattern> all = new ArrayList<>(names);
    all.addAll(other.names);
    return new Grant(all, mayTransit || other.mayTransit);
  }
}
