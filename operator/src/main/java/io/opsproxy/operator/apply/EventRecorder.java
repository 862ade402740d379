package io.opsproxy.operator.apply;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.opsproxy.operator.render.Labels;
import io.opsproxy.operator.render.ObjectKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says on an object, as an event, that one of its conditions changed. Best effort: written by a
 * thread of its own, and dropped when the API server cannot keep up.
 */
public final class EventRecorder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);

  private static final int QUEUE = 2_000;
  private static final int MAX_MESSAGE = 1024;

  private final KubernetesClient client;
  private final ThreadPoolExecutor writer;

  public EventRecorder(KubernetesClient client) {
    this.client = client;
    writer =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            task -> {
              Thread thread = new Thread(task, "events");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());
  }

  /**
   * One event for each condition whose value or reason is another one.
   *
   * @param before may be null
   */
  public void changes(HasMetadata object, List<Condition> before, List<Condition> now) {
    for (Condition condition : now) {
      boolean same =
          before != null
              && before.stream()
                  .anyMatch(
                      old ->
                          old.getType().equals(condition.getType())
                              && old.getStatus().equals(condition.getStatus())
                              && old.getReason().equals(condition.getReason()));
      if (!same && !condition.getStatus().equals("Unknown")) {
        writer.execute(() -> write(object, condition));
      }
    }
  }

  private void write(HasMetadata object, Condition condition) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    String message = condition.getType() + ": " + condition.getMessage();
    try {
      client
          .v1()
          .events()
          .inNamespace(object.getMetadata().getNamespace())
          .resource(
              new EventBuilder()
                  .withNewMetadata()
                  .withGenerateName(object.getMetadata().getName() + ".")
                  .withNamespace(object.getMetadata().getNamespace())
                  .endMetadata()
                  .withNewInvolvedObject()
                  .withApiVersion(object.getApiVersion())
                  .withKind(object.getKind())
                  .withNamespace(object.getMetadata().getNamespace())
                  .withName(object.getMetadata().getName())
                  .withUid(object.getMetadata().getUid())
                  .endInvolvedObject()
                  .withType(condition.getStatus().equals("False") ? "Warning" : "Normal")
                  .withReason(condition.getReason())
                  .withMessage(
                      message.length() <= MAX_MESSAGE
                          ? message
                          : message.substring(0, MAX_MESSAGE - 1) + "…")
                  .withFirstTimestamp(now)
                  .withLastTimestamp(now)
                  .withCount(1)
                  .withNewSource()
                  .withComponent(Labels.MANAGER)
                  .endSource()
                  .build())
          .create();
    } catch (KubernetesClientException e) {
      log.debug("{} {}: no event: {}", object.getKind(), ObjectKey.of(object), e.getMessage());
    }
  }

  @Override
  public void close() {
    writer.shutdown();
  }
}
