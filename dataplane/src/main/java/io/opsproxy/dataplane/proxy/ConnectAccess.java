package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.config.value.ConnectRule;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.route.NameTable;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which targets HTTP CONNECT may reach that no route has ({@code access.connect}). Names are
 * matched by the same matcher as routes.
 *
 * <p>A wildcard rule does not reach this machine: what it matches may resolve to any address that
 * its owner likes, so loopback, link-local and unspecified addresses are refused there. A rule that
 * spells out the name or the address means what it says.
 */
final class ConnectAccess {
  private static final int ANY_PORT = 0;
  private final NameTable<Set<Integer>> names;
  private final List<ConnectRule> ranges;

  ConnectAccess(List<ConnectRule> rules) {
    Map<HostName, Set<Integer>> ports = new HashMap<>();
    for (ConnectRule rule : rules) {
      rule.name()
          .ifPresent(name -> ports.computeIfAbsent(name, n -> new HashSet<>()).add(rule.port()));
    }
    names = new NameTable<>(ports);
    ranges = rules.stream().filter(rule -> rule.range().isPresent()).toList();
  }

  /**
   * @param host the target's normalised name
   * @return which of its addresses may be dialled; empty when no rule allows the target
   */
  Optional<Predicate<InetAddress>> allowed(HostName host, HostPort target) {
    InetAddress literal = Resolver.literal(target.host());
    if (literal != null) {
      boolean allowed = ranges.stream().anyMatch(rule -> rule.allows(literal, target.port()));
      return allowed ? Optional.of(address -> true) : Optional.empty();
    }
    return names
        .find(host)
        .filter(
            match -> match.target().contains(ANY_PORT) || match.target().contains(target.port()))
        .map(match -> match.rule().isWildcard() ? ConnectAccess::isElsewhere : address -> true);
  }

  private static boolean isElsewhere(InetAddress address) {
    return !(address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isAnyLocalAddress()
        || address.isMulticastAddress());
  }
}
