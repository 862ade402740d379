package io.opsproxy.dataplane.mesh.names;

import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What this peer tells the others: who it is, and the names that it serves itself. Names learned
 * from others are never part of it, so nothing is ever forwarded through two v1 links. Immutable.
 *
 * @param self how this peer introduces itself
 * @param items of a service with several endpoints the first stands for all: balancing is this
 *     side's business
 */
public record Offer(Introduction self, List<Item> items) {

  /** A name and the backend that its owner connects it to. */
  public record Item(HostName name, HostPort backend) {}

  public Offer {
    items = List.copyOf(items);
  }

  /** All that a configuration serves. */
  public static Offer of(Config config, HostPort advertised) {
    List<Item> items = new ArrayList<>();
    for (ServiceConfig service : config.services()) {
      if (!service.endpoints().isEmpty()) {
        HostPort backend = service.endpoints().get(0).address();
        service.names().forEach(name -> items.add(new Item(name, backend)));
      }
    }
    return new Offer(new Introduction(config.peer().name(), advertised), items);
  }

  /** The same peer without a name: what is left when it goes away. */
  public Offer withdrawn() {
    return new Offer(self, List.of());
  }

  /**
   * Whether a peer that knows {@code before} must forget something to know this; v1 can only add.
   */
  public boolean takesBackFrom(Offer before) {
    Set<HostName> names = new HashSet<>();
    items.forEach(item -> names.add(item.name()));
    return before.items.stream().anyMatch(item -> !names.contains(item.name()));
  }

  /**
   * The rule that a forward for this name and backend stands on: the name itself, or a wildcard
   * that covers it.
   *
   * @return empty when this backend was not offered for this name
   */
  public Optional<HostName> rule(HostName name, HostPort backend) {
    HostName wildcard = null;
    for (Item item : items) {
      if (item.backend().equals(backend)) {
        if (item.name().equals(name)) {
          return Optional.of(name);
        }
        if (item.name().isWildcard() && name.value().endsWith(item.name().value().substring(1))) {
          wildcard = item.name();
        }
      }
    }
    return Optional.ofNullable(wildcard);
  }
}
