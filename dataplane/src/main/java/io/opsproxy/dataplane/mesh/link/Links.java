package io.opsproxy.dataplane.mesh.link;

import io.opsproxy.dataplane.config.model.LimitSettings;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
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

  /**
   * Makes room for one more that another peer dials, if there is none, by closing one whose place a
   * newer link of its peer has taken.
   *
   * @return null when there is room, else the limit that is reached, with its key
   */
  public String admit(InetAddress source, LimitSettings limits) {
    List<Link> accepted = of(Direction.IN);
    List<Link> ofSource =
        accepted.stream().filter(link -> link.remote().getAddress().equals(source)).toList();
    if (isFull(ofSource, limits.maxLinksPerSource())) {
      return "limit of "
          + limits.maxLinksPerSource()
          + " links from this address reached (limits.max_links_per_source)";
    }
    if (isFull(accepted, limits.maxLinks())) {
      return "limit of " + limits.maxLinks() + " links reached (limits.max_links)";
    }
    return null;
  }

  private static boolean isFull(List<Link> links, int most) {
    if (most == 0 || links.size() < most) {
      return false;
    }
    Optional<Link> overtaken =
        links.stream().filter(link -> link.standing().isOvertaken()).findAny();
    overtaken.ifPresent(
        link ->
            link.loop()
                .execute(() -> link.close(LinkEnd.REPLACED, "a newer link of its peer is there")));
    return overtaken.isEmpty();
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
