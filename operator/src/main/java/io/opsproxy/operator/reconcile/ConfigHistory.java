package io.opsproxy.operator.reconcile;

import io.opsproxy.operator.render.Attachment;
import io.opsproxy.operator.render.Attachment.Served;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.Rendered;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What each recent configuration of a peer holds of each object: a pod that lags behind by one
 * change still proves all objects that this change did not touch. Not thread-safe.
 */
final class ConfigHistory {
  /** More than come between two looks at a pod. */
  private static final int KEPT = 64;

  private final Map<String, Map<ObjectKey, Served>> byHash =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<ObjectKey, Served>> eldest) {
          return size() > KEPT;
        }
      };

  /** Takes what has been rendered. */
  void add(Rendered rendered) {
    if (rendered.config().isEmpty()) {
      return;
    }
    Map<ObjectKey, Served> parts =
        byHash.computeIfAbsent(rendered.config().get().hash(), hash -> new HashMap<>());
    // Also where the bytes are known: another object may have taken the place of an equal one.
    for (Attachment one : rendered.services().values()) {
      one.served().ifPresent(served -> parts.put(one.key(), served));
    }
  }

  /** Whether the configuration serves the object just so; false when it is not known. */
  boolean holds(String hash, ObjectKey service, Served served) {
    return Optional.ofNullable(byHash.get(hash))
        .map(parts -> served.equals(parts.get(service)))
        .orElse(false);
  }
}
