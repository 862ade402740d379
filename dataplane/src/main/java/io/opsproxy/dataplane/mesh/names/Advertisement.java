package io.opsproxy.dataplane.mesh.names;

import io.opsproxy.dataplane.config.value.HostName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A peer says that a name can be reached by it.
 *
 * @param owner the link that leads there: of the peer that serves the name, or that passes it on
 * @param weight its part of the new connections beside other owners, at least 1
 * @param identity of the peer that serves the name, verified, where there is one; never what
 *     somebody calls itself
 */
public record Advertisement<O extends Owner>(
    HostName name, O owner, int weight, Optional<String> identity, Route route) {

  /** Of an owner that is linked directly, and says no more than the name. */
  public static <O extends Owner> Advertisement<O> direct(HostName name, O owner) {
    return new Advertisement<>(name, owner, 1, Optional.empty(), Route.DIRECT);
  }

  /**
   * What there is one of on a link: a name may come over it from its peer and from several that
   * this one passes on.
   */
  record Source(HostName name, boolean passed, Optional<String> identity) {}

  Source source() {
    return new Source(name, route.passed(), route.passed() ? identity : Optional.empty());
  }

  /** Ids from the next peer to the owner, both included; what has no id is left out. */
  public List<String> hops() {
    List<String> all = new ArrayList<>(route.path());
    identity.ifPresent(all::add);
    return all;
  }
}
