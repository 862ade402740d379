package io.opsproxy.dataplane.admin;

/**
 * One number of {@code /stats}.
 *
 * @param kind what it is of, which also says what tells several of them apart
 * @param of which of them: the cluster's name, for example; empty where there is one
 * @param name Envoy's, such as {@code upstream_cx_total}
 * @param counter whether it only grows; else it is a gauge
 */
record EnvoyStat(Kind kind, String of, String name, boolean counter, long value) {

  /** What numbers are of. */
  enum Kind {
    SERVER("server", ""),
    CLUSTER_MANAGER("cluster_manager", ""),
    LISTENER_MANAGER("listener_manager", ""),
    CLUSTER("cluster", "envoy_cluster_name"),
    LISTENER("listener", "envoy_listener_address");

    private final String prefix;
    private final String label;

    Kind(String prefix, String label) {
      this.prefix = prefix;
      this.label = label;
    }
  }

  /** As a line of {@code /stats} has it, such as {@code cluster.web.upstream_cx_total}. */
  String text() {
    return kind.prefix + (of.isEmpty() ? "." : "." + of + ".") + name;
  }

  /** As Envoy exports it, such as {@code envoy_cluster_upstream_cx_total}. */
  String exported() {
    return "envoy_" + kind.prefix + "_" + name.replaceAll("[^a-zA-Z0-9_]", "_");
  }

  /** Its labels, in their braces. */
  String labels() {
    return kind.label.isEmpty()
        ? "{}"
        : "{"
            + kind.label
            + "=\""
            + of.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
            + "\"}";
  }
}
