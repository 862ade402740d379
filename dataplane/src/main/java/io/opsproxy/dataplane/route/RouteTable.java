package io.opsproxy.dataplane.route;

import io.opsproxy.dataplane.config.value.HostName;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One immutable snapshot of all routes. Names that are configured here win over names that remote
 * peers registered, a local wildcard over a remote exact name too: a remote can never take a name
 * away.
 *
 * @param local names of the configuration
 * @param remote names that peers registered
 */
public record RouteTable<T>(NameTable<T> local, NameTable<T> remote) {

  /** Nothing is routed. */
  public static <T> RouteTable<T> empty() {
    return new RouteTable<>(new NameTable<>(Map.of()), new NameTable<>(Map.of()));
  }

  /** The route of a client's name. */
  public Optional<NameTable.Match<T>> find(HostName name) {
    Optional<NameTable.Match<T>> match = local.find(name);
    return match.isPresent() ? match : remote.find(name);
  }

  /** The target of exactly this rule: what a listener with a fixed route asks for. */
  public Optional<T> get(HostName rule) {
    Optional<T> target = local.get(rule);
    return target.isPresent() ? target : remote.get(rule);
  }

  /** All names, each once. */
  public Set<HostName> names() {
    Set<HostName> names = new HashSet<>(local.names());
    names.addAll(remote.names());
    return names;
  }
}
