package io.opsproxy.operator.peer;

import io.opsproxy.dataplane.config.Config;
import io.opsproxy.dataplane.config.ConfigLoader;
import io.opsproxy.dataplane.config.LoadResult;
import io.opsproxy.operator.render.Attachment;
import io.opsproxy.operator.render.Attachment.Served;
import io.opsproxy.operator.render.ListenerPort;
import io.opsproxy.operator.render.Rendered;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What each recent configuration of a peer serves: a pod that lags behind by one change still
 * proves all objects that this change did not touch. Not thread-safe.
 */
public final class ConfigHistory {
  /** More than come between two looks at a pod. */
  private static final int KEPT = 64;

  private final Map<String, Set<Served>> byHash =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Set<Served>> eldest) {
          return size() > KEPT;
        }
      };

  /** Takes what has been rendered. */
  void add(Rendered rendered) {
    rendered
        .config()
        .ifPresent(
            config ->
                byHash.computeIfAbsent(
                    config.hash(),
                    hash -> {
                      Set<Served> parts = new HashSet<>();
                      for (Attachment one : rendered.services().values()) {
                        one.served().ifPresent(parts::add);
                      }
                      return parts;
                    }));
  }

  /** Takes what stands in the cluster: by an operator before this one, perhaps. */
  void add(String yaml) {
    LoadResult read = ConfigLoader.check(yaml, "config.yaml");
    if (read.config().isEmpty()) {
      return;
    }
    Config config = read.config().get();
    Set<Served> parts = new HashSet<>();
    config
        .services()
        .forEach(
            service -> {
              Optional<ListenerPort> port =
                  config.listeners().stream()
                      .filter(one -> one.service().filter(service.names()::contains).isPresent())
                      .map(one -> ListenerPort.of(one.name(), one.address().port()))
                      .filter(Objects::nonNull)
                      .findFirst();
              parts.add(new Served(service, port));
            });
    byHash.putIfAbsent(read.hash(), parts);
  }

  /** Whether the configuration serves just so; false when it is not known. */
  public boolean holds(String hash, Served served) {
    return byHash.getOrDefault(hash, Set.of()).contains(served);
  }
}
