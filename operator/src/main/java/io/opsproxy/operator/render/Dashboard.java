package io.opsproxy.operator.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The shipped dashboard of peers, for one of them. */
public final class Dashboard {
  /** What Grafana finds it by. */
  static final String LABEL = "grafana_dashboard";

  private static final ObjectMapper JSON = new ObjectMapper();

  private Dashboard() {}

  /** Whether an object is the ConfigMap of one. */
  public static boolean is(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels != null && labels.containsKey(LABEL);
  }

  /** With a title and an identity of its own, and only the pods of this peer to choose from. */
  static String of(ObjectKey peer) {
    ObjectNode dashboard = shipped();
    dashboard.put("title", "Ops Proxy: " + peer);
    // Grafana takes at most 40 characters.
    dashboard.put("uid", "ops-proxy-" + Sha256.hex(peer.toString()).substring(0, 24));
    for (JsonNode variable : dashboard.at("/templating/list")) {
      switch (variable.path("name").asText()) {
        case "namespace" ->
            choose(
                (ObjectNode) variable,
                "label_values(ops_proxy_server_info{namespace=\""
                    + peer.namespace()
                    + "\"}, namespace)",
                peer.namespace());
        case "pod" ->
            choose(
                (ObjectNode) variable,
                "label_values(ops_proxy_server_info{namespace=\""
                    + peer.namespace()
                    + "\", job=\""
                    + peer.name()
                    + "\"}, pod)",
                null);
        default -> {}
      }
    }
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(dashboard) + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param all what stands for all of them; null for each by its name, as the query finds them
   */
  private static void choose(ObjectNode variable, String query, String all) {
    variable.put("definition", query);
    ((ObjectNode) variable.get("query")).put("query", query);
    if (all == null) {
      variable.putNull("allValue");
    } else {
      variable.put("allValue", all);
    }
  }

  private static ObjectNode shipped() {
    try (InputStream in = Dashboard.class.getResourceAsStream("/grafana/peer-dashboard.json")) {
      return (ObjectNode) JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the dashboard of this program cannot be read", e);
    }
  }
}
