package io.opsproxy.operator.apply;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** Counts writes that the API server did not take. Thread-safe. */
@FunctionalInterface
public interface FailureCounter {
  /**
   * @param what kind of the object, or {@code Kind/status}
   * @param cause code of the answer, or {@code io} when there was none
   */
  void failed(String what, String cause);

  /** The same with the cause of an exception. */
  default void failed(String what, KubernetesClientException e) {
    failed(what, e.getCode() > 0 ? Integer.toString(e.getCode()) : "io");
  }
}
