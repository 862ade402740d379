package io.opsproxy.dataplane.mesh.v2;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.mesh.names.Advertisement;
import io.opsproxy.dataplane.mesh.stream.StreamOwner;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What this peer has learned of other peers' names, for the links that are told of it: a link hears
 * of each name once when it comes, and whenever something of the name has changed. It decides
 * itself what of it the other side may hear. Any thread.
 */
final class Passing {

  /** Somebody who is told. */
  interface Listener {
    /**
     * Names of which something has changed, in the order of the changes. Must not block.
     *
     * @param names those that lead there now; none where it is gone
     */
    void changed(Map<HostName, List<Advertisement<StreamOwner>>> names);
  }

  private final Map<HostName, List<Advertisement<StreamOwner>>> known = new HashMap<>();
  private final Set<Listener> listeners = new HashSet<>();

  /** Others serve these names than before. */
  synchronized void changed(Map<HostName, List<Advertisement<StreamOwner>>> names) {
    names.forEach(
        (name, ways) -> {
          if (ways.isEmpty()) {
            known.remove(name);
          } else {
            known.put(name, ways);
          }
        });
    listeners.forEach(listener -> listener.changed(names));
  }

  synchronized void join(Listener listener) {
    listeners.add(listener);
    listener.changed(Map.copyOf(known));
  }

  synchronized void leave(Listener listener) {
    listeners.remove(listener);
  }

  /** What may be passed on has changed: everybody hears of everything again. */
  synchronized void again() {
    Map<HostName, List<Advertisement<StreamOwner>>> all = Map.copyOf(known);
    listeners.forEach(listener -> listener.changed(all));
  }
}
