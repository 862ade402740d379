package io.opsproxy.operator.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.opsproxy.operator.render.ObjectKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * ConfigMaps of others that objects of ours name: each is watched by itself for as long as one
 * does, so that the cache does not grow with what a cluster has. Thread-safe.
 */
final class NamedConfigMaps implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 5;

  private final KubernetesClient client;
  private final Consumer<ObjectKey> changed;
  private final Map<ObjectKey, SharedIndexInformer<ConfigMap>> informers =
      new ConcurrentHashMap<>();

  /**
   * @param changed is told which one is another than before
   */
  NamedConfigMaps(KubernetesClient client, Consumer<ObjectKey> changed) {
    this.client = client;
    this.changed = changed;
  }

  /** Nobody names it any more. */
  void unwatch(ObjectKey key) {
    SharedIndexInformer<ConfigMap> informer = informers.remove(key);
    if (informer != null) {
      informer.close();
    }
  }

  private SharedIndexInformer<ConfigMap> informer(ObjectKey key) {
    return informers.computeIfAbsent(
        key,
        any -> {
          SharedIndexInformer<ConfigMap> informer =
              client
                  .configMaps()
                  .inNamespace(key.namespace())
                  .withName(key.name())
                  .runnableInformer(0);
          informer.addEventHandler(OnChange.of((before, now) -> changed.accept(key)));
          informer.exceptionHandler((started, cause) -> true);
          return informer;
        });
  }

  /**
   * As it is in the cluster.
   *
   * @throws IllegalStateException while that is not known: to take it for missing would change what
   *     runs
   */
  Optional<ConfigMap> get(ObjectKey key) {
    SharedIndexInformer<ConfigMap> informer = informer(key);
    if (!informer.hasSynced()) {
      try {
        informer.start().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException("ConfigMap " + key + " could not be read yet", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("stopped while ConfigMap " + key + " was read", e);
      }
    }
    return Optional.ofNullable(informer.getIndexer().getByKey(key.toString()));
  }

  @Override
  public void close() {
    informers.values().forEach(SharedIndexInformer::close);
    informers.clear();
  }
}
