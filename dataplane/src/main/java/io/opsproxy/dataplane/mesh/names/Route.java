package io.opsproxy.dataplane.mesh.names;

import io.opsproxy.dataplane.trust.Claim;
import java.util.List;
import java.util.Optional;

/**
 * How a name has come here.
 *
 * @param passed whether the peer at the other end passes it on for its owner; else it is the owner
 * @param path ids of the peers between this one and the owner, the next one first, replicas of this
 *     one left out; empty where the owner is linked
 * @param shared whether a replica of this peer told it
 * @param claim the owner's signature; only with one may the name be passed on
 */
public record Route(boolean passed, List<String> path, boolean shared, Optional<Claim> claim) {
  /** Its owner is linked, and says no more than the name. */
  public static final Route DIRECT = new Route(false, List.of(), false, Optional.empty());

  public Route {
    path = List.copyOf(path);
  }
}
