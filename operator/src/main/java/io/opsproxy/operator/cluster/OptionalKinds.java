package io.opsproxy.operator.cluster;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.opsproxy.operator.render.OptionalKind;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which optional kinds the cluster has now, and lets us use: one whose objects cannot be listed is
 * as good as not there, and holds nothing else up. Asks the API server's discovery, which needs no
 * right beyond being somebody. Thread-safe.
 */
public final class OptionalKinds {
  private static final Logger log = LoggerFactory.getLogger(OptionalKinds.class);

  private final KubernetesClient client;
  private final ClusterCache cache;
  private volatile Set<OptionalKind> known = Set.of();
  private Set<OptionalKind> watched = Set.of();
  private Set<OptionalKind> complained = Set.of();

  /**
   * @param cache watches those that are there
   */
  public OptionalKinds(KubernetesClient client, ClusterCache cache) {
    this.client = client;
    this.cache = cache;
  }

  /** As of the last {@link #refresh}. */
  public Set<OptionalKind> known() {
    return known;
  }

  /** Asks again; says whether anything came or went. Called by one thread only. */
  public boolean refresh() {
    Set<OptionalKind> found = EnumSet.noneOf(OptionalKind.class);
    try {
      APIResourceList list =
          client.getApiResources(OptionalKind.GROUP + "/" + OptionalKind.VERSION);
      if (list != null) {
        Set<String> names =
            list.getResources().stream().map(APIResource::getName).collect(Collectors.toSet());
        for (OptionalKind kind : OptionalKind.values()) {
          if (names.contains(kind.plural())) {
            found.add(kind);
          }
        }
      }
    } catch (KubernetesClientException e) {
      log.debug("the kinds of {} could not be asked for: {}", OptionalKind.GROUP, e.getMessage());
      return usable();
    }
    if (!found.equals(watched)) {
      log.info("optional kinds of this cluster: {}", found.isEmpty() ? "none" : found);
    }
    for (OptionalKind kind : OptionalKind.values()) {
      if (found.contains(kind) && !watched.contains(kind)) {
        cache.watch(kind);
      } else if (!found.contains(kind) && watched.contains(kind)) {
        cache.unwatch(kind);
      }
    }
    watched = Set.copyOf(found);
    return usable();
  }

  /** Whether all that the cluster has can be used. Called by the thread of {@link #refresh}. */
  public boolean complete() {
    usable();
    return known.equals(watched);
  }

  private boolean usable() {
    Set<OptionalKind> usable = EnumSet.noneOf(OptionalKind.class);
    Set<OptionalKind> unusable = EnumSet.noneOf(OptionalKind.class);
    for (OptionalKind kind : watched) {
      (cache.synced(kind) ? usable : unusable).add(kind);
    }
    for (OptionalKind kind : unusable) {
      if (!complained.contains(kind)) {
        cache
            .missing(kind)
            .filter(why -> why.indexOf(':') > 0)
            .ifPresent(why -> log.warn("an optional kind is left out: {}", why));
      }
    }
    complained = Set.copyOf(unusable);
    boolean changed = !usable.equals(known);
    known = Set.copyOf(usable);
    return changed;
  }

  static ResourceDefinitionContext context(OptionalKind kind) {
    return new ResourceDefinitionContext.Builder()
        .withGroup(OptionalKind.GROUP)
        .withVersion(OptionalKind.VERSION)
        .withKind(kind.kind())
        .withPlural(kind.plural())
        .withNamespaced(true)
        .build();
  }
}
