package io.opsproxy.dataplane.mesh;

import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.HostName;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.dataplane.route.NameTable;
import io.opsproxy.dataplane.telemetry.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Who serves which name among the other peers. Several links may serve one name; a name without a
 * link is gone. Every change publishes a new immutable table, so no connection ever sees a
 * half-made one. Any thread.
 */
final class NameRegistry {
  private final Mesh mesh;
  private final Consumer<NameTable<Upstream>> published;
  private final Map<HostName, RemoteName> names = new HashMap<>();
  private final Map<Link, Set<HostName>> ofLink = new HashMap<>();

  NameRegistry(Mesh mesh, Consumer<NameTable<Upstream>> published) {
    this.mesh = mesh;
    this.published = published;
  }

  /** The link's names changed, or it is closed and has none. */
  synchronized void update(Link link) {
    Map<HostName, HostPort> now = link.names();
    Set<HostName> before = ofLink.getOrDefault(link, Set.of());
    Set<HostName> touched = new HashSet<>(before);
    touched.addAll(now.keySet());
    for (HostName name : touched) {
      change(link, name, before.contains(name), now.get(name));
    }
    if (now.isEmpty()) {
      ofLink.remove(link);
    } else {
      ofLink.put(link, Set.copyOf(now.keySet()));
    }
    published.accept(new NameTable<>(new HashMap<>(names)));
  }

  private void change(Link link, HostName name, boolean was, HostPort backend) {
    RemoteName remote = names.get(name);
    if (remote == null) {
      remote = new RemoteName(mesh, name, mesh.metrics().name(name.value()));
      names.put(name, remote);
    }
    List<RemoteName.Owner> owners = new ArrayList<>(remote.owners());
    owners.removeIf(owner -> owner.link() == link);
    if (backend != null) {
      owners.add(new RemoteName.Owner(link, backend));
    }
    remote.owners(owners);
    if (backend != null && !was) {
      remote.metrics().owners(+1);
    } else if (backend == null && was) {
      remote.metrics().owners(-1);
      remote.metrics().count(Metric.CLIENT_DISCONNECTS);
    }
    if (owners.isEmpty()) {
      names.remove(name);
      mesh.retire(name);
    }
  }
}
