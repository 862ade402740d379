package io.opsproxy.dataplane.mesh.names;

import io.opsproxy.dataplane.config.HostName;
import io.opsproxy.dataplane.config.HostPort;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The names that the other side of a link tells, within a budget: those that were added one after
 * the other, and those of the last whole list. They belong to the link and go with it. On the
 * link's loop, but for {@link #backends}.
 */
public final class LearnedNames {
  private final NameBudget budget;
  private final Consumer<Set<HostName>> advertise;
  private final Map<HostName, HostPort> added = new LinkedHashMap<>();
  private Map<HostName, HostPort> listed = Map.of();
  private volatile Map<HostName, HostPort> backends = Map.of();
  private boolean withdrawn;

  /**
   * @param advertise gets all names whenever they are others than before
   */
  public LearnedNames(NameBudget budget, Consumer<Set<HostName>> advertise) {
    this.budget = budget;
    this.advertise = advertise;
  }

  /**
   * Takes names besides those that are known.
   *
   * @return those that the budget allows
   */
  public List<Offer.Item> add(List<Offer.Item> items) {
    List<Offer.Item> taken = items.stream().filter(item -> remember(item, added)).toList();
    publish();
    return taken;
  }

  /** Takes names in place of the list before. */
  public void list(List<Offer.Item> items) {
    budget.giveBack(listed.keySet());
    Map<HostName, HostPort> names = new LinkedHashMap<>();
    items.forEach(item -> remember(item, names));
    listed = names;
    publish();
  }

  private boolean remember(Offer.Item item, Map<HostName, HostPort> names) {
    if (names.containsKey(item.name()) || budget.take(item.name())) {
      names.put(item.name(), item.backend());
      return true;
    }
    return false;
  }

  private void publish() {
    if (withdrawn) {
      return;
    }
    Map<HostName, HostPort> all = new LinkedHashMap<>(listed);
    all.putAll(added);
    boolean others = !all.keySet().equals(backends.keySet());
    backends = Map.copyOf(all);
    if (others) {
      advertise.accept(backends.keySet());
    }
  }

  /** No new connection is to find the owner by any of them. */
  public void withdraw() {
    withdrawn = true;
    if (!backends.isEmpty()) {
      backends = Map.of();
      advertise.accept(Set.of());
    }
  }

  /** Withdraws them and gives their places back. To be called once. */
  public void forget() {
    withdraw();
    budget.giveBack(added.keySet());
    budget.giveBack(listed.keySet());
  }

  /** What is advertised, each name with the backend that its owner told for it. Any thread. */
  public Map<HostName, HostPort> backends() {
    return backends;
  }
}
