package io.opsproxy.dataplane.mesh.names;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The names that the other side of a link tells, within a budget: those that were added one after
 * the other, and those of the last whole list. They belong to the link and go with it. On the
 * link's loop, but for {@link #backends}.
 */
public final class LearnedNames {
  /** Where they go. */
  @FunctionalInterface
  public interface Advertiser {
    /**
     * @param now all names, others than before
     * @param inForce to be run on the link's loop once connections find them
     */
    void advertise(Set<HostName> now, Runnable inForce);
  }

  private final NameBudget budget;
  private final Advertiser advertiser;
  private final Map<HostName, HostPort> added = new LinkedHashMap<>();
  private Map<HostName, HostPort> listed = Map.of();
  private volatile Map<HostName, HostPort> backends = Map.of();
  private boolean withdrawn;

  public LearnedNames(NameBudget budget, Advertiser advertiser) {
    this.budget = budget;
    this.advertiser = advertiser;
  }

  /**
   * Takes names besides those that are known; {@link #publish} is to follow.
   *
   * @return those that the budget allows
   */
  public List<Offer.Item> add(List<Offer.Item> items) {
    return items.stream().filter(item -> remember(item, added)).toList();
  }

  /** Takes names in place of the list before; {@link #publish} is to follow. */
  public void list(List<Offer.Item> items) {
    budget.giveBack(listed.keySet());
    Map<HostName, HostPort> names = new LinkedHashMap<>();
    items.forEach(item -> remember(item, names));
    listed = names;
  }

  private boolean remember(Offer.Item item, Map<HostName, HostPort> names) {
    if (names.containsKey(item.name()) || budget.take(item.name())) {
      names.put(item.name(), item.backend());
      return true;
    }
    return false;
  }

  /**
   * Advertises what was taken.
   *
   * @param inForce runs once connections find it: before this returns when no name came or went
   */
  public void publish(Runnable inForce) {
    publish(false, inForce);
  }

  /**
   * Advertises what was taken.
   *
   * @param otherwise whether what is known of some name has changed, though all names are the same
   */
  public void publish(boolean otherwise, Runnable inForce) {
    Map<HostName, HostPort> all = new LinkedHashMap<>(listed);
    all.putAll(added);
    boolean others = !withdrawn && (otherwise || !all.keySet().equals(backends.keySet()));
    if (!withdrawn) {
      backends = Map.copyOf(all);
    }
    if (others) {
      advertiser.advertise(backends.keySet(), inForce);
    } else {
      inForce.run();
    }
  }

  /** No new connection is to find the owner by any of them. */
  public void withdraw() {
    withdrawn = true;
    if (!backends.isEmpty()) {
      backends = Map.of();
      advertiser.advertise(Set.of(), () -> {});
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
