package io.opsproxy.dataplane.mesh;

import io.opsproxy.dataplane.mesh.link.Link;
import io.opsproxy.dataplane.mesh.link.LinkObserver;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which protocol is tried next with a remote: v2 first, v1 in turn with it where the configuration
 * lets the address speak that, and never again v1 once it has spoken v2. One entry for each address
 * of the configuration. Any thread.
 */
final class Spoken {
  private final Set<InetSocketAddress> v2 = ConcurrentHashMap.newKeySet();
  private final Set<InetSocketAddress> failed = ConcurrentHashMap.newKeySet();

  /** Whether the next link to the address speaks v1; asking is taking it. */
  boolean isV1Due(InetSocketAddress address, boolean allowed) {
    return failed.remove(address) && allowed && !v2.contains(address);
  }

  /** Learns from a link that speaks v2. */
  LinkObserver watching(InetSocketAddress address, LinkObserver observer) {
    return new LinkObserver() {
      @Override
      public void up(Link link) {
        v2.add(address);
        observer.up(link);
      }

      @Override
      public void told(Link link) {
        observer.told(link);
      }

      @Override
      public void closed(Link link, String why) {
        failed.add(address);
        observer.closed(link, why);
      }
    };
  }
}
