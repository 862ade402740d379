package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.Optional;

/**
 * How much of a pod's memory its heap gets. Beside it live as much again of direct memory, which
 * holds the bytes that pass through, and what the JVM itself needs. Pure functions.
 */
final class Heap {
  private static final long MIB = 1024 * 1024;

  /** Code, threads, and what else is neither heap nor direct memory. */
  private static final long JVM_MIB = 128;

  private static final long SMALLEST_MIB = 32;

  /** What the image has by itself; it fits the limit that pods have by default. */
  private static final long OF_IMAGE_MIB = 64;

  private Heap() {}

  /**
   * Options of the JVM.
   *
   * @return empty where the image's own are right, or no limit says how much there is
   */
  static Optional<String> options(ResourceRequirements resources) {
    Quantity limit =
        resources == null || resources.getLimits() == null
            ? null
            : resources.getLimits().get("memory");
    if (limit == null) {
      return Optional.empty();
    }
    long mib = Quantity.getAmountInBytes(limit).longValue() / MIB;
    long heap = Math.max(SMALLEST_MIB, (mib - JVM_MIB) / 2);
    return heap == OF_IMAGE_MIB
        ? Optional.empty()
        : Optional.of("-Xmx" + heap + "m -XX:MaxDirectMemorySize=" + heap + "m");
  }
}
