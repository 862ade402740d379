package io.opsproxy.operator.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Objects in a text, for comparison: what tools add for themselves, and order, play no part. */
final class Manifests {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Manifests() {}

  /** By kind, namespace and name; two of one key are an error. */
  static Map<String, JsonNode> of(String yaml) {
    Map<String, JsonNode> found = new TreeMap<>();
    // Jackson's own reader of YAML takes an alias for a text.
    for (Object one : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml)) {
      if (one == null) {
        continue;
      }
      JsonNode object = JSON.valueToTree(one);
      String key =
          object.path("kind").asText()
              + " "
              + object.at("/metadata/namespace").asText("")
              + "/"
              + object.at("/metadata/name").asText();
      if (found.put(key, comparable(object)) != null) {
        throw new AssertionError(key + " is there twice");
      }
    }
    return found;
  }

  private static JsonNode comparable(JsonNode object) {
    if (object.at("/metadata/labels") instanceof ObjectNode labels) {
      labels.remove("helm.sh/chart");
      if (labels.path("app.kubernetes.io/managed-by").asText().equals("Helm")) {
        labels.remove("app.kubernetes.io/managed-by");
      }
    }
    if (object.at("/metadata/annotations") instanceof ObjectNode annotations) {
      annotations.remove("helm.sh/resource-policy");
      if (annotations.isEmpty()) {
        ((ObjectNode) object.path("metadata")).remove("annotations");
      }
    }
    for (JsonNode container : object.at("/spec/template/spec/containers")) {
      if (container.path("env") instanceof ArrayNode environment) {
        sort(environment, "name");
      }
    }
    if (object.at("/spec/template/spec/topologySpreadConstraints") instanceof ArrayNode spread) {
      sort(spread, "topologyKey");
    }
    return object;
  }

  private static void sort(ArrayNode list, String by) {
    var sorted =
        StreamSupport.stream(list.spliterator(), false)
            .sorted(Comparator.comparing(one -> one.path(by).asText()))
            .toList();
    list.removeAll();
    list.addAll(sorted);
  }
}
