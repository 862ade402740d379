package io.opsproxy.operator.apply;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.render.Labels;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says on an object, as an event, that one of its conditions changed. What is said again within a
 * while becomes a series of one event (events.k8s.io), not another one. Best effort: written by a
 * thread of its own, and dropped, which is counted, when the API server cannot keep up.
 */
public final class EventRecorder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventRecorder.class);

  private static final int QUEUE = 2_000;

  /** Bound of the API for a note, in bytes; of characters that take more there are few. */
  private static final int MAX_NOTE = 1_000;

  /** How long an event goes on as a series, as other components of Kubernetes have it. */
  private static final Duration SERIES = Duration.ofMinutes(6);

  /** Reasons that everything new has for a while. */
  private static final Set<String> UNDER_WAY =
      Set.of(Reason.PODS_LAG.text(), Reason.PODS_NOT_STARTED.text(), Reason.NO_READY_POD.text());

  private static final int MAX_SERIES = 4_096;

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final FailureCounter failures;
  private final ThreadPoolExecutor writer;
  private final String instance;

  /** Of the thread that writes. */
  private final Map<Said, Series> series =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Said, Series> eldest) {
          return size() > MAX_SERIES;
        }
      };

  private record Said(String uid, String type, String reason, String condition) {}

  private static final class Series {
    private final String name;
    private Instant last;
    private int count = 1;

    Series(String name, Instant last) {
      this.name = name;
      this.last = last;
    }
  }

  /**
   * @param instance of this operator among several
   */
  public EventRecorder(KubernetesClient client, String instance, FailureCounter failures) {
    this.client = client;
    // Bound of the API.
    this.instance = instance.length() <= 128 ? instance : instance.substring(0, 128);
    this.failures = failures;
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
            (task, executor) -> failures.failed("Event", "dropped"));
  }

  /**
   * One event for each condition whose value or reason is another one; not for one that came up
   * True as it should, but for Ready and Accepted of a peer: thousands of objects that are applied
   * together would say nothing else.
   *
   * @param before may be null
   */
  public void changes(HasMetadata object, List<Condition> before, List<Condition> now) {
    for (Condition condition : now) {
      Optional<Condition> old =
          before == null
              ? Optional.empty()
              : before.stream()
                  .filter(one -> one.getType().equals(condition.getType()))
                  .findFirst();
      if (isNews(object, old, condition)) {
        writer.execute(() -> write(object, condition, Instant.now()));
      }
    }
  }

  private static boolean isNews(HasMetadata object, Optional<Condition> before, Condition now) {
    boolean same =
        before.isPresent()
            && before.get().getStatus().equals(now.getStatus())
            && before.get().getReason().equals(now.getReason());
    if (same || now.getStatus().equals("Unknown")) {
      return false;
    }
    if (now.getStatus().equals("False")) {
      // That pods do not run what is new is no news.
      return before.isPresent() || !UNDER_WAY.contains(now.getReason());
    }
    boolean recovered = before.isPresent() && before.get().getStatus().equals("False");
    return (recovered && !now.getType().equals("Programmed"))
        || now.getType().equals("Ready")
        || (now.getType().equals("Accepted") && object instanceof ProxyPeer);
  }

  private void write(HasMetadata object, Condition condition, Instant now) {
    String type = condition.getStatus().equals("False") ? "Warning" : "Normal";
    Said said =
        new Said(object.getMetadata().getUid(), type, condition.getReason(), condition.getType());
    Series known = series.get(said);
    try {
      if (known != null && Duration.between(known.last, now).compareTo(SERIES) < 0) {
        known.count++;
        known.last = now;
        go(object, condition, known);
      } else {
        String name = object.getMetadata().getName() + "." + UUID.randomUUID();
        client.resource(event(object, condition, type, name, now)).create();
        series.put(said, new Series(name, now));
      }
    } catch (KubernetesClientException e) {
      series.remove(said);
      failures.failed("Event", e);
      log.debug("{} {}: no event: {}", object.getKind(), ObjectKey.of(object), e.getMessage());
    }
  }

  private void go(HasMetadata object, Condition condition, Series known) {
    Event patch =
        new EventBuilder()
            .withNewMetadata()
            .withNamespace(object.getMetadata().getNamespace())
            .withName(known.name)
            .endMetadata()
            .withNote(note(condition))
            .withNewSeries()
            .withCount(known.count)
            .withLastObservedTime(new MicroTime(MICROS.format(known.last)))
            .endSeries()
            .build();
    client
        .resource(patch)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            client.getKubernetesSerialization().asJson(patch));
  }

  private Event event(
      HasMetadata object, Condition condition, String type, String name, Instant now) {
    return new EventBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(object.getMetadata().getNamespace())
        .endMetadata()
        .withEventTime(new MicroTime(MICROS.format(now)))
        .withReportingController("opsproxy.io/" + Labels.MANAGER)
        .withReportingInstance(instance)
        .withAction("Reconcile")
        .withReason(condition.getReason())
        .withType(type)
        .withNote(note(condition))
        .withNewRegarding()
        .withApiVersion(object.getApiVersion())
        .withKind(object.getKind())
        .withNamespace(object.getMetadata().getNamespace())
        .withName(object.getMetadata().getName())
        .withUid(object.getMetadata().getUid())
        .endRegarding()
        .build();
  }

  private static String note(Condition condition) {
    String note = condition.getType() + ": " + condition.getMessage();
    return note.length() <= MAX_NOTE ? note : note.substring(0, MAX_NOTE - 1) + "…";
  }

  @Override
  public void close() {
    writer.shutdown();
  }
}
