package io.opsproxy.dataplane.mesh.v2;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.trust.Claim;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The newest claim that was seen of each name and process of its owner, so that an older one cannot
 * be shown again. The {@value #MOST} that were seen last are remembered, and those are of no use
 * after {@link Claim#LIFE}. Any thread.
 */
final class Freshness {
  private static final int MOST = 40_000;

  private record Key(String owner, String instance, HostName name) {
    static Key of(Claim claim) {
      return new Key(claim.owner(), claim.instance(), claim.name());
    }
  }

  private final Map<Key, Instant> newest =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Instant> eldest) {
          return size() > MOST;
        }
      };

  /** Remembers a claim that is signed; false when its owner has said something newer. */
  synchronized boolean take(Claim claim) {
    Instant seen = newest.get(Key.of(claim));
    if (seen != null && claim.issued().isBefore(seen)) {
      return false;
    }
    newest.put(Key.of(claim), claim.issued());
    return true;
  }

  /** Its owner itself has taken it back: it does not count any more, whoever shows it. */
  synchronized void withdrawn(Message.Route route) {
    newest.merge(
        new Key(route.owner(), route.instance(), route.name()),
        Instant.ofEpochMilli(route.issued()).plusMillis(1),
        (seen, next) -> seen.isAfter(next) ? seen : next);
  }
}
