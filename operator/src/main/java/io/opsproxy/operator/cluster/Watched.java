package io.opsproxy.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.opsproxy.operator.render.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All objects of a kind that are watched, over one informer or one for each namespace. What it
 * gives out belongs to the cache and is never changed. An object that functions of others stumble
 * over is logged, and the watch of all others goes on. Thread-safe.
 */
final class Watched<T extends HasMetadata> implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Watched.class);

  private final String kind;
  private final List<SharedIndexInformer<T>> informers;
  private volatile Throwable problem;

  /**
   * @param kind as people write it
   */
  Watched(String kind, List<SharedIndexInformer<T>> informers) {
    this.kind = kind;
    this.informers = informers;
  }

  /** Before the start: objects can then be found by what the function says of them. */
  void index(String name, Function<T, List<String>> values) {
    Function<T, List<String>> total =
        object -> {
          try {
            return values.apply(object);
          } catch (RuntimeException e) {
            log.error("{} is not indexed by {}", describe(object), name, e);
            return List.of();
          }
        };
    informers.forEach(informer -> informer.addIndexers(Map.of(name, total)));
  }

  /** Before the start. */
  void onChange(BiConsumer<T, T> handler) {
    OnChange<T> total =
        OnChange.of(
            (before, now) -> {
              try {
                handler.accept(before, now);
              } catch (RuntimeException e) {
                log.error("a change of {} was not followed", describe(now), e);
              }
            });
    informers.forEach(informer -> informer.addEventHandler(total));
  }

  private static String describe(HasMetadata object) {
    return object.getKind() + " " + ObjectKey.of(object);
  }

  /** Begins to watch; does not wait. A connection that breaks is made again, without end. */
  void start() {
    for (SharedIndexInformer<T> informer : informers) {
      informer.exceptionHandler(
          (started, cause) -> {
            problem = cause;
            return true;
          });
      informer.start();
    }
  }

  boolean synced() {
    return informers.stream().allMatch(SharedIndexInformer::hasSynced);
  }

  /** Why it has not been read yet; empty when it has been. */
  Optional<String> missing() {
    if (synced()) {
      return Optional.empty();
    }
    Throwable cause = problem;
    if (cause instanceof KubernetesClientException e && e.getStatus() != null) {
      return Optional.of(kind + ": " + e.getStatus().getMessage());
    }
    return Optional.of(kind + (cause == null ? "" : ": " + cause.getMessage()));
  }

  /** Whether all of them hear of changes now; false while a connection is made again. */
  boolean watching() {
    return informers.stream().allMatch(SharedIndexInformer::isWatching);
  }

  Optional<T> get(ObjectKey key) {
    String text = key.namespace() == null ? key.name() : key.toString();
    for (SharedIndexInformer<T> informer : informers) {
      T object = informer.getIndexer().getByKey(text);
      if (object != null) {
        return Optional.of(object);
      }
    }
    return Optional.empty();
  }

  List<T> by(String index, String value) {
    return informers.stream()
        .flatMap(informer -> informer.getIndexer().byIndex(index, value).stream())
        .toList();
  }

  List<T> all() {
    return informers.stream().flatMap(informer -> informer.getStore().list().stream()).toList();
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
  }
}
