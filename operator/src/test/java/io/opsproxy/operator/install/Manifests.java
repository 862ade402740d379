package io.opsproxy.operator.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** Objects in a text, for comparison: what tools add for themselves, and order, play no part. */
final class Manifests {
  private static final YAMLMapper YAML = new YAMLMapper();

  private Manifests() {}

  /** By kind, namespace and name; two of one key are an error. */
  static Map<String, JsonNode> of(String yaml) {
    Map<String, JsonNode> found = new TreeMap<>();
    try (MappingIterator<JsonNode> objects = YAML.readerFor(JsonNode.class).readValues(yaml)) {
      while (objects.hasNext()) {
        JsonNode object = objects.next();
        if (object == null || object.isNull() || object.isMissingNode()) {
          continue;
        }
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
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
