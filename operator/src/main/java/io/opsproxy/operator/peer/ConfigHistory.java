package io.opsproxy.operator.peer;

import io.opsproxy.dataplane.config.load.ConfigLoader;
import io.opsproxy.dataplane.config.load.LoadResult;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.operator.render.Attachment;
import io.opsproxy.operator.render.Attachment.Served;
import io.opsproxy.operator.render.ListenerPort;
import io.opsproxy.operator.render.Rendered;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What each recent configuration of a peer serves: a pod that lags behind by one change still
 * proves all objects that this change did not touch. Immutable: a look at a peer makes the next
 * one, and whoever reads an older one reads it as it was.
 */
public final class ConfigHistory {
  /** Knows nothing. */
  static final ConfigHistory EMPTY = new ConfigHistory(Map.of());

  /** More than come between two looks at a pod. */
  private static final int KEPT = 64;

  /** Of objects in all configurations that are kept; of large ones fewer are. */
  private static final int KEPT_OBJECTS = 100_000;

  /** By hash, the newest last; never changed. */
  private final Map<String, Set<Served>> byHash;

  private ConfigHistory(Map<String, Set<Served>> byHash) {
    this.byHash = byHash;
  }

  /** With what has been rendered. */
  ConfigHistory with(Rendered rendered) {
    if (rendered.config().isEmpty() || isNewest(rendered.config().get().hash())) {
      return this;
    }
    String hash = rendered.config().get().hash();
    Set<Served> parts = byHash.get(hash);
    if (parts == null) {
      parts = new HashSet<>();
      for (Attachment one : rendered.services().values()) {
        one.served().ifPresent(parts::add);
      }
    }
    return with(hash, parts);
  }

  /** With what stands in the cluster: by an operator before this one, perhaps. */
  ConfigHistory with(String yaml) {
    LoadResult read = ConfigLoader.check(yaml, "config.yaml");
    if (read.config().isEmpty() || byHash.containsKey(read.hash())) {
      return this;
    }
    Config config = read.config().get();
    Map<String, ListenerPort> ports = ports(config);
    Set<Served> parts = new HashSet<>();
    config
        .services()
        .forEach(
            service ->
                parts.add(
                    new Served(
                        service,
                        service.names().stream()
                            .map(name -> ports.get(name.value()))
                            .filter(Objects::nonNull)
                            .findFirst())));
    return with(read.hash(), parts);
  }

  /** Of listeners that lead to one service each, by its name. */
  private static Map<String, ListenerPort> ports(Config config) {
    Map<String, ListenerPort> ports = new LinkedHashMap<>();
    config
        .listeners()
        .forEach(
            listener ->
                listener
                    .service()
                    .flatMap(
                        name ->
                            Optional.ofNullable(
                                ListenerPort.of(listener.name(), listener.address().port())))
                    .ifPresent(port -> ports.put(listener.service().get().value(), port)));
    return ports;
  }

  private boolean isNewest(String hash) {
    String newest = null;
    for (String one : byHash.keySet()) {
      newest = one;
    }
    return hash.equals(newest);
  }

  private ConfigHistory with(String hash, Set<Served> parts) {
    Map<String, Set<Served>> next = new LinkedHashMap<>(byHash);
    next.remove(hash);
    next.put(hash, Collections.unmodifiableSet(parts));
    int kept = Math.max(2, Math.min(KEPT, KEPT_OBJECTS / Math.max(1, parts.size())));
    for (Iterator<String> oldest = next.keySet().iterator(); next.size() > kept; ) {
      oldest.next();
      oldest.remove();
    }
    return new ConfigHistory(Collections.unmodifiableMap(next));
  }

  /** Whether the configuration serves just so; false when it is not known. */
  public boolean holds(String hash, Served served) {
    return byHash.getOrDefault(hash, Set.of()).contains(served);
  }
}
