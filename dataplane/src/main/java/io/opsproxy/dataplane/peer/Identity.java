package io.opsproxy.dataplane.peer;

import java.util.Map;

/** Where this process runs, for the labels of its metrics. */
public record Identity(String namespace, String node, String pod, String version) {

  /** From POD_NAMESPACE, NODE_NAME and POD_NAME, else {@code unknown}. */
  public static Identity of(Map<String, String> environment, String version) {
    return new Identity(
        known(environment.get("POD_NAMESPACE")),
        known(environment.get("NODE_NAME")),
        known(environment.get("POD_NAME")),
        version);
  }

  private static String known(String value) {
    return value == null || value.isEmpty() ? "unknown" : value;
  }
}
