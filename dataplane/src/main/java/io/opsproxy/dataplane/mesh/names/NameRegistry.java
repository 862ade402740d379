package io.opsproxy.dataplane.mesh.names;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.route.NameTable;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Who serves which name among the other peers. Several owners may serve one name; a name without an
 * owner is gone. Changes are published as new immutable tables, so no connection ever sees a
 * half-made one.
 *
 * <p>Changes may come from any thread, and as often as they like: they wait, the last of each owner
 * for all before it, and the registry's own thread builds one table from all that wait, at most
 * every 10 ms, and never for more than a fifth of its time. An event loop builds none.
 *
 * @param <O> how an owner is known
 * @param <T> what a name leads to
 */
public final class NameRegistry<O extends Owner, T> {
  static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(10);

  /** Pause after a table, as a multiple of what the table took. */
  private static final int REST = 4;

  /** What the registry needs of its surroundings. Called on the registry's thread. */
  public interface Surroundings<O extends Owner, T> {
    /** The meters of a name that is registered. */
    NameMetrics metrics(HostName name);

    /** What a name leads to; asked once as long as it has an owner. */
    T target(OwnedName<O> name);

    /** The name has no owner any more. */
    void gone(HostName name);

    /**
     * Others serve these names than before, and connections find them.
     *
     * @param now those that are entitled, for each name; none where it is gone
     */
    default void changed(Map<HostName, List<Advertisement<O>>> now) {}
  }

  /** The registry's own thread. */
  @FunctionalInterface
  public interface Timer {
    /** Runs a task once, after so many nanoseconds; one at a time. */
    void after(long nanos, Runnable task);
  }

  private record Entry<O extends Owner, T>(OwnedName<O> owned, T target) {}

  private record Change<O extends Owner>(
      Collection<Advertisement<O>> advertisements, List<Runnable> published) {}

  private final Surroundings<O, T> surroundings;
  private final Consumer<NameTable<T>> published;
  private final Timer timer;
  private final LongSupplier nanos;

  /** Any thread, with the lock of {@code this}. */
  private Map<O, Change<O>> waiting = new LinkedHashMap<>();

  private long notBefore;

  // on the registry's thread
  private final Map<HostName, Entry<O, T>> names = new HashMap<>();
  private final Map<O, Map<Advertisement.Source, Advertisement<O>>> ofOwner = new HashMap<>();
  private final Map<HostName, List<Advertisement<O>>> changed = new HashMap<>();

  /**
   * @param published gets each table, whole, on the registry's thread
   * @param nanos a clock that only goes forward
   */
  public NameRegistry(
      Surroundings<O, T> surroundings,
      Consumer<NameTable<T>> published,
      Timer timer,
      LongSupplier nanos) {
    this.surroundings = surroundings;
    this.published = published;
    this.timer = timer;
    this.nanos = nanos;
    notBefore = nanos.getAsLong();
  }

  /**
   * What the owner tells from now on, each name once for each that serves it, and nothing else. Any
   * thread.
   *
   * @param inForce runs on the registry's thread once a table that knows of it is published
   */
  public synchronized void advertise(
      O owner, Collection<Advertisement<O>> advertisements, Runnable inForce) {
    boolean first = waiting.isEmpty();
    Change<O> before = waiting.remove(owner);
    List<Runnable> told = before == null ? new ArrayList<>(1) : before.published();
    told.add(inForce);
    waiting.put(owner, new Change<>(advertisements, told));
    if (first) {
      timer.after(Math.max(0, notBefore - nanos.getAsLong()), this::publish);
    }
  }

  private void publish() {
    long began = nanos.getAsLong();
    Map<O, Change<O>> changes;
    synchronized (this) {
      changes = waiting;
      waiting = new LinkedHashMap<>();
      // a change that comes while this one is made waits for its turn
      notBefore = began + INTERVAL;
    }
    changes.forEach((owner, change) -> take(owner, change.advertisements()));
    Map<HostName, T> table = new HashMap<>();
    names.forEach((name, entry) -> table.put(name, entry.target()));
    published.accept(new NameTable<>(table));
    surroundings.changed(Map.copyOf(changed));
    changed.clear();
    long ended = nanos.getAsLong();
    synchronized (this) {
      notBefore = Math.max(notBefore, ended + REST * (ended - began));
    }
    changes.values().forEach(change -> change.published().forEach(Runnable::run));
  }

  private void take(O owner, Collection<Advertisement<O>> advertisements) {
    Map<Advertisement.Source, Advertisement<O>> now = new HashMap<>();
    advertisements.forEach(one -> now.put(one.source(), one));
    Map<Advertisement.Source, Advertisement<O>> before = ofOwner.getOrDefault(owner, Map.of());
    Set<Advertisement.Source> touched = new HashSet<>(before.keySet());
    touched.addAll(now.keySet());
    for (Advertisement.Source source : touched) {
      change(owner, source, before.get(source), now.get(source));
    }
    if (now.isEmpty()) {
      ofOwner.remove(owner);
    } else {
      ofOwner.put(owner, now);
    }
  }

  private void change(
      O owner, Advertisement.Source source, Advertisement<O> was, Advertisement<O> is) {
    if (is != null && is.equals(was)) {
      return;
    }
    HostName name = source.name();
    OwnedName<O> owned = names.computeIfAbsent(name, this::fresh).owned();
    List<Advertisement<O>> advertisements = new ArrayList<>(owned.all());
    advertisements.removeIf(one -> one.owner() == owner && one.source().equals(source));
    if (is != null) {
      advertisements.add(is);
    }
    owned.all(advertisements);
    changed.put(name, owned.advertisements());
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
