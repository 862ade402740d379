package io.opsproxy.operator.testing;

import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What a kubelet writes to the API server, on one thread of its own, repeated while the server is
 * away. Of several statuses of one pod only the last is written. Thread-safe.
 */
final class NodeApi {
  private static final int RETRY_MILLIS = 300;

  private final KubernetesClient client;
  private final ScheduledExecutorService writer;
  private final Map<String, PodStatus> waiting = new ConcurrentHashMap<>();

  /**
   * @param writer one thread
   */
  NodeApi(KubernetesClient client, ScheduledExecutorService writer) {
    this.client = client;
    this.writer = writer;
  }

  /** Makes the node; pods on a node that is not there get into no EndpointSlice. */
  void register(String name) {
    client
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("kubernetes.io/hostname", name)
                .addToLabels("kubernetes.io/os", "linux")
                .endMetadata()
                .build())
        .serverSideApply();
  }

  void unregister(String name) {
    client.nodes().withName(name).delete();
  }

  /** Puts an unscheduled pod on a node, as the scheduler does. */
  void bind(Pod pod, String node) {
    Binding binding =
        new BindingBuilder()
            .withNewMetadata()
            .withName(pod.getMetadata().getName())
            .withNamespace(pod.getMetadata().getNamespace())
            .withUid(pod.getMetadata().getUid())
            .endMetadata()
            .withNewTarget()
            .withKind("Node")
            .withName(node)
            .endTarget()
            .build();
    persist(() -> client.resource(binding).create());
  }

  void report(Pod pod, PodStatus status) {
    if (waiting.put(pod.getMetadata().getUid(), status) == null) {
      persist(() -> write(pod));
    }
  }

  private void write(Pod pod) {
    String uid = pod.getMetadata().getUid();
    PodStatus status = waiting.get(uid);
    if (status == null) {
      return;
    }
    String patch = Serialization.asJson(Map.of("metadata", Map.of("uid", uid), "status", status));
    try {
      client
          .pods()
          .inNamespace(pod.getMetadata().getNamespace())
          .withName(pod.getMetadata().getName())
          .subresource("status")
          .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), patch);
    } catch (KubernetesClientException e) {
      if (isAway(e)) {
        throw e;
      }
      waiting.remove(uid);
      return;
    }
    if (!waiting.remove(uid, status)) {
      write(pod);
    }
  }

  /** Removes a pod whose processes have ended. */
  void remove(Pod pod) {
    persist(() -> removeNow(pod));
  }

  void removeNow(Pod pod) {
    client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .withGracePeriod(0)
        .delete();
  }

  /** Now, and again until the server has given any answer. */
  private void persist(Runnable call) {
    try {
      writer.execute(() -> attempt(call));
    } catch (RejectedExecutionException e) {
      // Closed: nobody is interested any more.
    }
  }

  private void attempt(Runnable call) {
    try {
      call.run();
    } catch (KubernetesClientException e) {
      if (isAway(e) && !writer.isShutdown()) {
        writer.schedule(() -> attempt(call), RETRY_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
  }

  /** Gone, bound by somebody else, replaced: such answers are final. */
  private static boolean isAway(KubernetesClientException e) {
    return e.getCode() == 0 || e.getCode() >= 500 || e.getCode() == 429;
  }
}
