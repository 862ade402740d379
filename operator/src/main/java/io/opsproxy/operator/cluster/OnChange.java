package io.opsproxy.operator.cluster;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.function.BiConsumer;

/** One function for all that can happen to an object. */
public final class OnChange<T> implements ResourceEventHandler<T> {
  private final BiConsumer<T, T> change;

  private OnChange(BiConsumer<T, T> change) {
    this.change = change;
  }

  /**
   * @param change takes the object before, null when it came or went, and as it is or last was
   */
  public static <T> OnChange<T> of(BiConsumer<T, T> change) {
    return new OnChange<>(change);
  }

  @Override
  public void onAdd(T object) {
    change.accept(null, object);
  }

  @Override
  public void onUpdate(T before, T now) {
    change.accept(before, now);
  }

  @Override
  public void onDelete(T object, boolean lastStateUnknown) {
    change.accept(null, object);
  }
}
