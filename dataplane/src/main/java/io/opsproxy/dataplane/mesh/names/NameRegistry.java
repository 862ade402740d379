package io.opsproxy.dataplane.mesh.names;

import io.opsproxy.dataplane.config.HostName;
import io.opsproxy.dataplane.route.NameTable;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Who serves which name among the other peers. Several owners may serve one name; a name without an
 * owner is gone. Every change publishes a new immutable table, so no connection ever sees a
 * half-made one. Any thread.
 *
 * @param <O> how an owner is known
 * @param <T> what a name leads to
 */
public final class NameRegistry<O extends Owner, T> {
  /** What the registry needs of its surroundings. */
  public interface Surroundings<O extends Owner, T> {
    /** The meters of a name that is registered. */
    NameMetrics metrics(HostName name);

    /** What a name leads to; asked once as long as it has an owner. */
    T target(OwnedName<O> name);

    /** The name has no owner any more. */
    void gone(HostName name);
  }

  private record Entry<O extends Owner, T>(OwnedName<O> owned, T target) {}

  private final Surroundings<O, T> surroundings;
  private final Consumer<NameTable<T>> published;
  private final Map<HostName, Entry<O, T>> names = new HashMap<>();
  private final Map<O, Map<HostName, Advertisement<O>>> ofOwner = new HashMap<>();

  /**
   * @param published gets each table, whole
   */
  public NameRegistry(Surroundings<O, T> surroundings, Consumer<NameTable<T>> published) {
    this.surroundings = surroundings;
    this.published = published;
  }

  /** The owner serves these names from now on, each once, and no other. */
  public synchronized void advertise(O owner, Collection<Advertisement<O>> advertisements) {
    Map<HostName, Advertisement<O>> now = new HashMap<>();
    advertisements.forEach(one -> now.put(one.name(), one));
    Map<HostName, Advertisement<O>> before = ofOwner.getOrDefault(owner, Map.of());
    Set<HostName> touched = new HashSet<>(before.keySet());
    touched.addAll(now.keySet());
    for (HostName name : touched) {
      change(owner, name, before.get(name), now.get(name));
    }
    if (now.isEmpty()) {
      ofOwner.remove(owner);
    } else {
      ofOwner.put(owner, now);
    }
    published.accept(
        new NameTable<>(
            names.entrySet().stream()
                .collect(
                    HashMap::new,
                    (table, entry) -> table.put(entry.getKey(), entry.getValue().target()),
                    Map::putAll)));
  }

  private void change(O owner, HostName name, Advertisement<O> was, Advertisement<O> is) {
    if (is != null && is.equals(was)) {
      return;
    }
    OwnedName<O> owned = names.computeIfAbsent(name, this::fresh).owned();
    List<Advertisement<O>> advertisements = new ArrayList<>(owned.advertisements());
    advertisements.removeIf(one -> one.owner() == owner);
    if (is != null) {
      advertisements.add(is);
    }
    owned.advertisements(advertisements);
    if (was == null) {
      owned.metrics().owners(+1);
    } else if (is == null) {
      owned.metrics().owners(-1);
      owned.metrics().count(Metric.CLIENT_DISCONNECTS);
    }
    if (advertisements.isEmpty()) {
      names.remove(name);
      surroundings.gone(name);
    }
  }

  private Entry<O, T> fresh(HostName name) {
    OwnedName<O> owned = new OwnedName<>(name, surroundings.metrics(name));
    return new Entry<>(owned, surroundings.target(owned));
  }
}
