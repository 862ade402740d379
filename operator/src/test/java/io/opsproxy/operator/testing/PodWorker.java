package io.opsproxy.operator.testing;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One pod, from its binding to its removal. Its state belongs to one thread, the pod's; the public
 * calls come from any thread.
 *
 * <p>Volumes are refreshed when kubelet looks at the pod, and at no other time: a little after its
 * spec, labels or annotations changed (podsDifferSemantically), after its containers changed, and
 * once a period.
 */
final class PodWorker {
  /** An image that cannot be pulled, for tests of what people are then told. */
  private static final String MISSING_IMAGE = "does-not-exist";

  private final VolumeSources sources;
  private final NodeApi api;
  private final KubeletTiming timing;
  private final String address;
  private final ScheduledExecutorService thread;
  private final Map<String, Path> directories = new LinkedHashMap<>();
  private final Map<String, MountedVolume> volumes = new LinkedHashMap<>();
  private final List<ContainerRunner> containers = new ArrayList<>();

  private final AtomicInteger coming = new AtomicInteger();

  private Pod pod;
  private PodStatus reported;
  private boolean mounted;
  private boolean stopping;

  PodWorker(
      Pod pod,
      String address,
      Path directory,
      Path hosts,
      VolumeSources sources,
      NodeApi api,
      KubeletTiming timing,
      Executor blocking) {
    this.pod = pod;
    this.address = address;
    this.sources = sources;
    this.api = api;
    this.timing = timing;
    String name = pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
    thread = Executors.newSingleThreadScheduledExecutor(Threads.daemon("pod-" + name));
    try {
      for (Volume volume : pod.getSpec().getVolumes()) {
        Path mount = directory.resolve("volumes").resolve(volume.getName());
        directories.put(volume.getName(), mount);
        volumes.put(volume.getName(), new MountedVolume(mount));
      }
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (Container container : pod.getSpec().getContainers()) {
      containers.add(
          new ContainerRunner(
              container,
              name + "/" + container.getName(),
              address,
              directory.resolve(container.getName() + ".log"),
              timing.backOff(),
              thread,
              blocking,
              () -> PeerCommand.of(this.pod, container, address, directories, hosts),
              this::containersChanged));
    }
  }

  String address() {
    return address;
  }

  List<ContainerRunner> containers() {
    return containers;
  }

  void start() {
    thread.execute(this::sync);
    schedulePeriod();
  }

  private void schedulePeriod() {
    long millis = timing.syncPeriod().toMillis();
    // kubelet: workerResyncIntervalJitterFactor = 0.5
    long jitter = ThreadLocalRandom.current().nextLong(millis / 2 + 1);
    thread.schedule(
        () -> {
          sync();
          schedulePeriod();
        },
        millis + jitter,
        TimeUnit.MILLISECONDS);
  }

  /** The pod as the watch reports it now. */
  void update(Pod next) {
    thread.execute(() -> updated(next));
  }

  private void updated(Pod next) {
    Pod before = pod;
    pod = next;
    if (next.getMetadata().getDeletionTimestamp() != null) {
      terminate();
    } else if (differs(before, next)) {
      scheduleSync();
    } else {
      report(); // a readiness gate may have changed
    }
  }

  private static boolean differs(Pod one, Pod other) {
    return !Objects.equals(one.getSpec(), other.getSpec())
        || !Objects.equals(one.getMetadata().getLabels(), other.getMetadata().getLabels())
        || !Objects.equals(
            one.getMetadata().getAnnotations(), other.getMetadata().getAnnotations());
  }

  private void containersChanged() {
    report();
    scheduleSync();
  }

  private void scheduleSync() {
    long millis =
        ThreadLocalRandom.current()
            .nextLong(timing.refreshMin().toMillis(), timing.refreshMax().toMillis() + 1);
    coming.incrementAndGet();
    thread.schedule(
        () -> {
          sync();
          coming.decrementAndGet();
        },
        millis,
        TimeUnit.MILLISECONDS);
  }

  /** Whether no refresh of its volumes is due but the one of the period. */
  boolean isSettled() {
    return coming.get() == 0;
  }

  private void sync() {
    if (stopping) {
      return;
    }
    Optional<String> missing = mount();
    if (missing.isPresent() && !mounted) {
      containers.forEach(c -> c.waitFor("ContainerCreating", missing.get()));
      thread.schedule(this::sync, timing.refreshMax().toMillis(), TimeUnit.MILLISECONDS);
    } else if (!mounted) {
      mounted = true;
      containers.forEach(this::pullAndStart);
    }
    report();
  }

  private void pullAndStart(ContainerRunner container) {
    String image = container.container().getImage();
    if (image.contains(MISSING_IMAGE)) {
      container.waitFor("ImagePullBackOff", "Back-off pulling image \"" + image + "\"");
    } else {
      container.start();
    }
  }

  /** Writes all volumes; what is missing, in kubelet's words. */
  private Optional<String> mount() {
    Optional<String> missing = Optional.empty();
    for (Volume volume : pod.getSpec().getVolumes()) {
      Optional<Map<String, byte[]>> files = sources.files(pod.getMetadata().getNamespace(), volume);
      if (files.isEmpty()) {
        missing = Optional.of("MountVolume.SetUp failed for volume \"" + volume.getName() + "\"");
        continue;
      }
      try {
        if (!files.get().isEmpty()) {
          volumes.get(volume.getName()).write(files.get());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return missing;
  }

  private void report() {
    PodStatus next =
        PodStatuses.of(
            pod, address, containers.stream().map(ContainerRunner::status).toList(), reported);
    if (!next.equals(reported)) {
      reported = next;
      api.report(pod, next);
    }
  }

  private void terminate() {
    if (stopping) {
      return;
    }
    stopping = true;
    Long seconds = pod.getMetadata().getDeletionGracePeriodSeconds();
    Duration grace = Duration.ofSeconds(seconds == null ? 30 : seconds);
    CompletableFuture.allOf(
            containers.stream().map(c -> c.stop(grace)).toArray(CompletableFuture[]::new))
        .thenRunAsync(() -> api.remove(pod), thread);
  }

  /** Ends it at once: its object is gone, or the kubelet closes. Leaves no process. */
  void kill() {
    thread.shutdownNow();
    containers.forEach(ContainerRunner::kill);
  }
}
