package io.opsproxy.dataplane.mesh.names;

import io.opsproxy.dataplane.config.value.HostName;
import java.util.List;
import java.util.Optional;

/**
 * An owner says that it serves a name.
 *
 * @param path ids of the peers from the owner's own back to this one, this one not included; empty
 *     where the owner is linked directly
 * @param weight its part of the new connections beside other owners, at least 1
 * @param identity verified, where there is one; never what the owner calls itself
 */
public record Advertisement<O extends Owner>(
    HostName name, O owner, List<String> path, int weight, Optional<String> identity) {
  public Advertisement {
    path = List.copyOf(path);
  }

  /** Of an owner that is linked directly, and says no more than the name. */
  public static <O extends Owner> Advertisement<O> direct(HostName name, O owner) {
    return new Advertisement<>(name, owner, List.of(), 1, Optional.empty());
  }
}
