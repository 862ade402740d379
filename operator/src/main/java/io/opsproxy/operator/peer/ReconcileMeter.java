package io.opsproxy.operator.peer;

import io.fabric8.kubernetes.api.model.Condition;
import io.opsproxy.operator.render.ObjectKey;
import java.util.List;
import java.util.function.Supplier;

/** What reconcilers tell of their work, for whoever counts it. Thread-safe. */
public interface ReconcileMeter {
  /** Runs one reconcile of an object of this kind. */
  <T> T timed(String kind, Supplier<T> work);

  /** The conditions of an object as they are written. */
  void observed(String kind, ObjectKey key, List<Condition> conditions);

  /**
   * A write that the API server did not take.
   *
   * @param what kind of the object, or {@code Kind/status}
   * @param cause code of the answer, or {@code io} when there was none
   */
  void writeFailed(String what, String cause);

  /** The object is gone. */
  void forget(String kind, ObjectKey key);
}
