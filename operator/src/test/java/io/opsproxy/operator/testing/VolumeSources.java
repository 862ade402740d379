package io.opsproxy.operator.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The kubelet's cache of ConfigMaps and Secrets. It is filled by watches of its own: a pod's change
 * may be seen before that of the ConfigMap it is about. Thread-safe.
 */
final class VolumeSources {
  private final Map<String, Map<String, byte[]>> contents = new ConcurrentHashMap<>();
  private final ScheduledExecutorService timer;
  private final Duration delay;

  VolumeSources(ScheduledExecutorService timer, Duration delay) {
    this.timer = timer;
    this.delay = delay;
  }

  /** What a watch of ConfigMaps or Secrets reports to. */
  <T extends HasMetadata> ResourceEventHandler<T> handler() {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T object) {
        contents.put(key(object), bytes(object));
      }

      @Override
      public void onUpdate(T before, T object) {
        later(() -> contents.put(key(object), bytes(object)));
      }

      @Override
      public void onDelete(T object, boolean unknown) {
        later(() -> contents.remove(key(object)));
      }
    };
  }

  private void later(Runnable change) {
    try {
      timer.schedule(change, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // the kubelet is closed; its watches end a little later
      if (!timer.isShutdown()) {
        throw e;
      }
    }
  }

  /**
   * The files of a volume; empty when what it mounts is missing and not optional. A volume of
   * another kind is an empty directory.
   */
  Optional<Map<String, byte[]>> files(String namespace, Volume volume) {
    if (volume.getConfigMap() != null) {
      return files(
          "ConfigMap/" + namespace + "/" + volume.getConfigMap().getName(),
          volume.getConfigMap().getItems(),
          Boolean.TRUE.equals(volume.getConfigMap().getOptional()));
    }
    if (volume.getSecret() != null) {
      return files(
          "Secret/" + namespace + "/" + volume.getSecret().getSecretName(),
          volume.getSecret().getItems(),
          Boolean.TRUE.equals(volume.getSecret().getOptional()));
    }
    if (volume.getProjected() != null) {
      Map<String, byte[]> all = new HashMap<>();
      for (VolumeProjection source : volume.getProjected().getSources()) {
        Optional<Map<String, byte[]>> files = files(namespace, source);
        if (files.isEmpty()) {
          return Optional.empty();
        }
        all.putAll(files.get());
      }
      return Optional.of(all);
    }
    return Optional.of(Map.of());
  }

  /** One of the sources of a projected volume. */
  private Optional<Map<String, byte[]>> files(String namespace, VolumeProjection source) {
    VolumeBuilder alone = new VolumeBuilder();
    if (source.getConfigMap() != null) {
      alone
          .withNewConfigMap()
          .withName(source.getConfigMap().getName())
          .withItems(source.getConfigMap().getItems())
          .withOptional(source.getConfigMap().getOptional())
          .endConfigMap();
    } else if (source.getSecret() != null) {
      alone
          .withNewSecret()
          .withSecretName(source.getSecret().getName())
          .withItems(source.getSecret().getItems())
          .withOptional(source.getSecret().getOptional())
          .endSecret();
    }
    return files(namespace, alone.build());
  }

  private Optional<Map<String, byte[]>> files(String key, List<KeyToPath> items, boolean optional) {
    Map<String, byte[]> all = contents.get(key);
    if (all == null) {
      return optional ? Optional.of(Map.of()) : Optional.empty();
    }
    if (items == null || items.isEmpty()) {
      return Optional.of(all);
    }
    if (!optional && items.stream().anyMatch(item -> !all.containsKey(item.getKey()))) {
      return Optional.empty();
    }
    return Optional.of(
        items.stream()
            .filter(item -> all.containsKey(item.getKey()))
            .collect(Collectors.toMap(KeyToPath::getPath, item -> all.get(item.getKey()))));
  }

  private static String key(HasMetadata object) {
    return object.getKind()
        + "/"
        + object.getMetadata().getNamespace()
        + "/"
        + object.getMetadata().getName();
  }

  private static Map<String, byte[]> bytes(HasMetadata object) {
    Map<String, byte[]> files = new ConcurrentHashMap<>();
    if (object instanceof ConfigMap configMap) {
      configMap.getData().forEach((name, text) -> files.put(name, text.getBytes(UTF_8)));
      decode(configMap.getBinaryData(), files);
    } else if (object instanceof Secret secret) {
      decode(secret.getData(), files);
    }
    return Map.copyOf(files);
  }

  private static void decode(Map<String, String> encoded, Map<String, byte[]> files) {
    encoded.forEach((name, text) -> files.put(name, Base64.getDecoder().decode(text)));
  }
}
