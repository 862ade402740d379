package io.opsproxy.operator.app;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Conditions;
import io.opsproxy.operator.status.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * How long objects wait until the pods say that they run them: from the moment in which the
 * operator saw a new generation. Holds at most one entry for each object. Thread-safe.
 */
final class Acknowledgements {
  private final LongSupplier nanos;
  private final Map<Waiting, Since> waiting = new ConcurrentHashMap<>();

  private record Waiting(String kind, ObjectKey key) {}

  private record Since(Long generation, long nanos) {}

  /**
   * @param nanos a clock such as System::nanoTime
   */
  Acknowledgements(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * A watch has brought this object. One whose pods have acknowledged it already, as after a
   * restart of the operator, does not wait.
   *
   * @param conditions of its status; may be null
   */
  void seen(HasMetadata object, List<Condition> conditions) {
    Long generation = object.getMetadata().getGeneration();
    if (!acknowledged(conditions, generation)) {
      waiting.compute(
          new Waiting(object.getKind(), ObjectKey.of(object)),
          (key, before) ->
              before != null && before.generation().equals(generation)
                  ? before
                  : new Since(generation, nanos.getAsLong()));
    }
  }

  /**
   * The conditions that an object has now; says how long it has waited, once.
   *
   * @param conditions as they are written
   */
  Optional<Duration> observed(String kind, ObjectKey key, List<Condition> conditions) {
    Waiting object = new Waiting(kind, key);
    Since since = waiting.get(object);
    if (since == null) {
      return Optional.empty();
    }
    if (acknowledged(conditions, since.generation())) {
      return waiting.remove(object, since)
          ? Optional.of(Duration.ofNanos(nanos.getAsLong() - since.nanos()))
          : Optional.empty();
    }
    // What no pod is to run is not waited for: a name may be won hours later.
    boolean refused =
        Conditions.find(conditions, ConditionType.PROGRAMMED)
            .filter(one -> one.getReason().equals(Reason.NOT_PROGRAMMED.text()))
            .isPresent();
    if (refused) {
      waiting.remove(object, since);
    }
    return Optional.empty();
  }

  /** The object is gone. */
  void forget(String kind, ObjectKey key) {
    waiting.remove(new Waiting(kind, key));
  }

  private static boolean acknowledged(List<Condition> conditions, Long generation) {
    return Conditions.find(conditions, ConditionType.PROGRAMMED)
        .filter(one -> one.getStatus().equals("True"))
        .filter(one -> generation.equals(one.getObservedGeneration()))
        .isPresent();
  }
}
