package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.dataplane.config.HostName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who has which name and which port at one peer. The oldest object wins, ties by namespace and name
 * (the rule of the Gateway API); each name is decided by itself.
 */
final class Claims {
  private static final Comparator<ExposedService> OLDEST_FIRST =
      Comparator.comparing(Claims::created).thenComparing(service -> ObjectKey.of(service));

  private final Map<HostName, ObjectKey> names = new HashMap<>();
  private final Map<Integer, ObjectKey> ports = new HashMap<>();

  /**
   * @param services those that nothing is wrong with: an object that is refused takes no name from
   *     another
   */
  Claims(List<ExposedService> services) {
    List<ExposedService> byAge = new ArrayList<>(services);
    byAge.sort(OLDEST_FIRST);
    for (ExposedService service : byAge) {
      ObjectKey key = ObjectKey.of(service);
      for (HostName name : valid(service)) {
        names.putIfAbsent(name, key);
      }
      Integer port = service.getSpec().listenerPort();
      if (port != null) {
        ports.putIfAbsent(port, key);
      }
    }
  }

  /** The one object that serves the name. */
  ObjectKey owner(HostName name) {
    return names.get(name);
  }

  /** The one object that has the port. */
  ObjectKey owner(int port) {
    return ports.get(port);
  }

  /** What an object asks for, as it stands there; its own name where it says nothing. */
  static List<String> wanted(ExposedService service) {
    List<String> hostnames = service.getSpec().hostnames();
    return hostnames.isEmpty() ? List.of(service.getMetadata().getName()) : hostnames;
  }

  /** The names among them that can be routed by, each once. */
  static Set<HostName> valid(ExposedService service) {
    Set<HostName> valid = new LinkedHashSet<>();
    for (String text : wanted(service)) {
      HostName.pattern(text).ifPresent(valid::add);
    }
    return valid;
  }

  /** RFC 3339 in UTC sorts as text; an object that is not in a cluster yet has none. */
  private static String created(ExposedService service) {
    String created = service.getMetadata().getCreationTimestamp();
    return created == null ? "" : created;
  }
}
