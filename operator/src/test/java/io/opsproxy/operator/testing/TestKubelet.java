package io.opsproxy.operator.testing;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Scheduler, kubelet and DNS of a cluster of one node, for pods that are peers: each runs as a
 * process of this machine at a loopback address of its own.
 *
 * <p>It keeps kubelet's rules where an operator rests on them: when and how a changed ConfigMap
 * reaches a volume, probes, restarts, the end of a pod, what is reported of it. It has no images,
 * no users, no limits. The API server refuses loopback addresses in EndpointSlices, so Services of
 * these pods have none; {@link #resolve} and the DNS of the peers go by the pods themselves.
 * Thread-safe.
 */
public final class TestKubelet implements AutoCloseable {
  /** The node on which all pods run. */
  public static final String NODE = "test-node";

  private final Set<String> namespaces;
  private final KubeletTiming timing;
  private final Path directory;
  private final KubernetesClient client;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Threads.daemon("kubelet-timer"));
  private final ScheduledExecutorService writer =
      Executors.newSingleThreadScheduledExecutor(Threads.daemon("kubelet-writer"));
  private final ExecutorService blocking =
      Executors.newCachedThreadPool(Threads.daemon("kubelet-blocking"));
  private final NodeApi api;
  private final VolumeSources sources;
  private final ServiceNames names;
  private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
  private volatile SharedIndexInformer<Pod> pods;
  private volatile SharedIndexInformer<Service> services;
  private volatile boolean closed;

  private TestKubelet(KubeServer server, KubeletTiming timing, Set<String> namespaces)
      throws IOException {
    this.timing = timing;
    this.namespaces = namespaces;
    directory = Directories.temporary("ops-proxy-kubelet");
    Config config = server.config();
    config.setRequestRetryBackoffLimit(0);
    config.setRequestTimeout(5000);
    client = new KubernetesClientBuilder().withConfig(config).build();
    api = new NodeApi(client, writer);
    sources = new VolumeSources(timer, timing.cacheDelay());
    names = new ServiceNames(directory.resolve("hosts"));
  }

  /** Runs the pods of these namespaces, or of all when none is named. */
  public static TestKubelet start(KubeServer server, String... namespaces) {
    return start(server, KubeletTiming.USUAL, namespaces);
  }

  /** The same with other delays. */
  public static TestKubelet start(KubeServer server, KubeletTiming timing, String... namespaces) {
    // The ports of a spec that says nothing.
    PodPortsFree.check(6443, 9090);
    try {
      TestKubelet kubelet = new TestKubelet(server, timing, Set.of(namespaces));
      kubelet.watch();
      return kubelet;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void watch() {
    api.register(NODE);
    client.configMaps().inAnyNamespace().inform(sources.<ConfigMap>handler());
    client.secrets().inAnyNamespace().inform(sources.<Secret>handler());
    services = client.services().inAnyNamespace().inform(new Changes<>(service -> {}));
    pods = client.pods().inAnyNamespace().inform(new Changes<>(this::seen));
    updateNames();
  }

  // ---- what tests ask and do -----------------------------------------------------------------

  /** From now on the peers find {@code address} under this name, {@code web.mesh.svc} say. */
  public void resolve(String name, String address) {
    names.register(name, address);
    updateNames();
  }

  /** The addresses that peers find under a name now. */
  public List<String> lookUp(String name) {
    return names.lookUp(name);
  }

  /** Whether no refresh of a pod's volumes is due but that of the period. */
  public boolean isSettled(Pod pod) {
    return worker(pod).isSettled();
  }

  /** The loopback address of a pod. */
  public String addressOf(Pod pod) {
    return worker(pod).address();
  }

  /** All that the processes of a pod have written, also those of before its restarts. */
  public String log(Pod pod) {
    return worker(pod).containers().stream()
        .map(ContainerRunner::log)
        .collect(Collectors.joining());
  }

  /** The process ids of a pod that runs; each of its containers is one process. */
  public List<Long> processes(Pod pod) {
    return worker(pod).containers().stream().map(c -> c.process().pid()).toList();
  }

  /** Resident memory of a pod's processes in MiB. */
  public long residentMib(Pod pod) {
    return processes(pod).stream().mapToLong(ProcessUse::residentMib).sum();
  }

  /** Sends a signal to the processes of a pod: {@code KILL}, {@code TERM}. */
  public void signal(Pod pod, String signal) {
    worker(pod).containers().forEach(container -> container.process().signal(signal));
  }

  /** Ends the processes of a pod as a crash would. */
  public void kill(Pod pod) {
    signal(pod, "KILL");
  }

  /** Stops the processes of a pod where they are, until {@link #resume}. */
  public void pause(Pod pod) {
    signal(pod, "STOP");
  }

  /** Undoes {@link #pause}. */
  public void resume(Pod pod) {
    signal(pod, "CONT");
  }

  private PodWorker worker(Pod pod) {
    PodWorker worker = workers.get(pod.getMetadata().getUid());
    if (worker == null) {
      throw new IllegalArgumentException(
          "the test kubelet does not run pod " + pod.getMetadata().getName());
    }
    return worker;
  }

  // ---- what happens in the cluster -----------------------------------------------------------

  private void seen(Pod pod) {
    if (closed
        || !(namespaces.isEmpty() || namespaces.contains(pod.getMetadata().getNamespace()))) {
      return;
    }
    String node = pod.getSpec().getNodeName();
    String uid = pod.getMetadata().getUid();
    PodWorker worker = workers.get(uid);
    if (worker != null) {
      worker.update(pod);
    } else if (node == null || node.isEmpty()) {
      api.bind(pod, NODE);
    } else if (node.equals(NODE)) {
      worker =
          new PodWorker(
              pod,
              LoopbackAddresses.next(),
              directory.resolve(uid),
              names.file(),
              sources,
              api,
              timing,
              blocking);
      workers.put(uid, worker);
      worker.start();
      worker.update(pod); // it may be in deletion already
    }
  }

  private void gone(HasMetadata object) {
    PodWorker worker = workers.remove(object.getMetadata().getUid());
    if (worker != null) {
      worker.kill();
    }
  }

  private void updateNames() {
    if (services != null && pods != null) {
      names.update(services.getStore().list(), pods.getStore().list());
    }
  }

  /** Ends all processes and removes their pods, without grace. */
  @Override
  public void close() {
    closed = true;
    client.informers().stopAllRegisteredInformers();
    pods.stop();
    services.stop();
    workers.values().forEach(PodWorker::kill);
    List.of(timer, writer, blocking).forEach(ExecutorService::shutdownNow);
    try {
      for (Pod pod : pods.getStore().list()) {
        if (workers.containsKey(pod.getMetadata().getUid())) {
          api.removeNow(pod);
        }
      }
      api.unregister(NODE);
    } catch (KubernetesClientException e) {
      // The API server is away, and its objects with it.
    }
    client.close();
    try {
      Directories.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Pods and Services have a part in the names; their own part comes first. */
  private final class Changes<T extends HasMetadata> implements ResourceEventHandler<T> {
    private final Consumer<T> seen;

    Changes(Consumer<T> seen) {
      this.seen = seen;
    }

    @Override
    public void onAdd(T object) {
      seen.accept(object);
      updateNames();
    }

    @Override
    public void onUpdate(T before, T object) {
      onAdd(object);
    }

    @Override
    public void onDelete(T object, boolean unknown) {
      gone(object);
      updateNames();
    }
  }
}
