package io.opsproxy.dataplane.mesh.v2;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.trust.Claim;
import io.opsproxy.dataplane.trust.Identity;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What this peer has signed of its own names, for those who pass them on: each once for all links,
 * and again when half of its life is over, or the certificate or the weight has changed. Signing
 * takes its time: not on an event loop. Thread-safe.
 */
final class OwnClaims {
  private final String instance;
  private final Map<HostName, Claim> signed = new HashMap<>();
  private Instant last = Instant.EPOCH;

  /**
   * @param instance of this process
   */
  OwnClaims(String instance) {
    this.instance = instance;
  }

  /**
   * The claims of all names that this peer tells.
   *
   * @param names all of them: what was signed of others is forgotten
   */
  synchronized List<Claim> of(Identity identity, int weight, Set<HostName> names, Instant now) {
    signed.keySet().retainAll(names);
    for (HostName name : names) {
      Claim before = signed.get(name);
      if (before == null
          || before.weight() != weight
          || !before.chain().equals(identity.chain())
          || !before.issued().plus(Claim.RENEWAL).isAfter(now)) {
        signed.put(name, Claim.sign(identity, name, instance, next(now), weight));
      }
    }
    return List.copyOf(signed.values());
  }

  /** Of two claims of one name the later one is always the newer one. */
  private Instant next(Instant now) {
    Instant whole = Instant.ofEpochMilli(now.toEpochMilli());
    last = whole.isAfter(last) ? whole : last.plusMillis(1);
    return last;
  }
}
