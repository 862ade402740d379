package io.opsproxy.dataplane.mesh.link;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The links that are open. Any thread. */
public final class Links {
  private final Set<Link> open = ConcurrentHashMap.newKeySet();

  void opened(Link link) {
    open.add(link);
  }

  void closed(Link link) {
    open.remove(link);
  }

  /** Those of one direction, in whatever state. */
  public List<Link> of(Direction direction) {
    return open.stream().filter(link -> link.direction() == direction).toList();
  }

  /** How many of one direction are registered. */
  public int up(Direction direction) {
    return (int)
        open.stream()
            .filter(link -> link.direction() == direction && link.state() == Link.State.UP)
            .count();
  }
}
