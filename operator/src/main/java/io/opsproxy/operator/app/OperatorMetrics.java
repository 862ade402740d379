package io.opsproxy.operator.app;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opsproxy.operator.peer.ReconcileMeter;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.status.ConditionType;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What the operator counts of itself; owns every name. Thread-safe. */
final class OperatorMetrics implements ReconcileMeter {
  private static final String PREFIX = "ops_proxy_operator_";

  /** Upper bounds of the histogram. */
  private static final Duration[] BOUNDS =
      Stream.of(100, 250, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 30_000, 60_000, 120_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** Values of conditions by kind and object. */
  private final Map<String, Map<ObjectKey, Map<String, String>>> objects =
      new ConcurrentHashMap<>();

  /** Kinds and conditions that have their gauges. */
  private final Set<String> counted = ConcurrentHashMap.newKeySet();

  private final Acknowledgements acknowledgements = new Acknowledgements(System::nanoTime);

  /** Runs one reconcile of an object of this kind. */
  @Override
  public <T> T timed(String kind, Supplier<T> work) {
    Timer.Sample sample = Timer.start(registry);
    String result = "error";
    try {
      T value = work.get();
      result = "success";
      return value;
    } finally {
      sample.stop(
          Timer.builder(PREFIX + "reconcile")
              .description("Reconciles, and the time they took")
              .tags("kind", kind, "result", result)
              .register(registry));
    }
  }

  /** A write that the API server did not take. */
  @Override
  public void writeFailed(String what, String cause) {
    Counter.builder(PREFIX + "write_failures")
        .description("Writes that the API server did not take, or that were given up")
        .tags("kind", what, "cause", cause)
        .register(registry)
        .increment();
  }

  /**
   * A watch has brought an object whose spec is another one than before.
   *
   * @param conditions of its status; may be null
   */
  void seen(HasMetadata object, List<Condition> conditions) {
    acknowledgements.seen(object, conditions);
  }

  /** The conditions of an object as they are written. */
  @Override
  public void observed(String kind, ObjectKey key, List<Condition> conditions) {
    acknowledgements
        .observed(kind, key, conditions)
        .ifPresent(
            waited ->
                Timer.builder(PREFIX + "apply_to_acknowledged")
                    .description(
                        "From the moment in which a change was seen until the pods said that they"
                            + " run it")
                    .tags("kind", kind)
                    .serviceLevelObjectives(BOUNDS)
                    .register(registry)
                    .record(waited));
    Map<String, String> values = new HashMap<>();
    conditions.forEach(one -> values.put(one.getType(), one.getStatus()));
    objects.computeIfAbsent(kind, any -> new ConcurrentHashMap<>()).put(key, Map.copyOf(values));
    if (counted.add(kind)) {
      Gauge.builder(PREFIX + "unacknowledged_objects", () -> unacknowledged(kind))
          .description("Objects that are accepted and that the pods do not run yet")
          .tags("kind", kind)
          .register(registry);
    }
    for (String condition : values.keySet()) {
      if (!counted.add(kind + " " + condition)) {
        continue;
      }
      for (String status : List.of("True", "False", "Unknown")) {
        Gauge.builder(PREFIX + "objects", () -> count(kind, condition, status))
            .description("Objects by the value of a condition")
            .tags("kind", kind, "condition", condition, "status", status)
            .register(registry);
      }
    }
  }

  /** The object is gone. */
  @Override
  public void forget(String kind, ObjectKey key) {
    acknowledgements.forget(kind, key);
    Map<ObjectKey, Map<String, String>> known = objects.get(kind);
    if (known != null) {
      known.remove(key);
    }
  }

  private long unacknowledged(String kind) {
    return objects.getOrDefault(kind, Map.of()).values().stream()
        .filter(values -> "True".equals(values.get(ConditionType.ACCEPTED.text())))
        .filter(values -> "False".equals(values.get(ConditionType.PROGRAMMED.text())))
        .count();
  }

  private long count(String kind, String condition, String status) {
    return objects.getOrDefault(kind, Map.of()).values().stream()
        .filter(values -> status.equals(values.get(condition)))
        .count();
  }

  /** The page, in the text format of Prometheus. */
  String scrape() {
    return registry.scrape();
  }
}
