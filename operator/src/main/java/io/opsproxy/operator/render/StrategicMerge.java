package io.opsproxy.operator.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Strategic-merge patches of pod templates, as {@code kubectl patch} has them: objects are merged
 * field by field, lists of named things item by item, all other lists are replaced; null takes a
 * field away, {@code $patch: delete} an item, {@code $patch: replace} replaces an object. Pure
 * functions.
 */
final class StrategicMerge {
  private static final String DIRECTIVE = "$patch";

  /** Keys of the lists of a pod that are merged item by item (k8s.io/api, patchMergeKey). */
  private static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("containers", "name"),
          Map.entry("initContainers", "name"),
          Map.entry("ephemeralContainers", "name"),
          Map.entry("volumes", "name"),
          Map.entry("env", "name"),
          Map.entry("imagePullSecrets", "name"),
          Map.entry("resourceClaims", "name"),
          Map.entry("volumeMounts", "mountPath"),
          Map.entry("volumeDevices", "devicePath"),
          Map.entry("ports", "containerPort"),
          Map.entry("hostAliases", "ip"),
          Map.entry("topologySpreadConstraints", "topologyKey"));

  private StrategicMerge() {}

  /** The object with the patch applied; neither is changed. */
  static JsonNode apply(JsonNode object, JsonNode patch) {
    if (!(object instanceof ObjectNode) || !(patch instanceof ObjectNode changes)) {
      return patch.deepCopy();
    }
    if (changes.path(DIRECTIVE).asText().equals("replace")) {
      ObjectNode replaced = changes.deepCopy();
      replaced.remove(DIRECTIVE);
      return replaced;
    }
    ObjectNode merged = object.deepCopy();
    for (Map.Entry<String, JsonNode> field : changes.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (name.startsWith("$")) {
        continue;
      }
      if (value.isNull()) {
        merged.remove(name);
      } else if (value instanceof ArrayNode items
          && merged.get(name) instanceof ArrayNode present
          && KEYS.containsKey(name)) {
        merged.set(name, list(present, items, KEYS.get(name)));
      } else {
        merged.set(
            name, merged.has(name) ? apply(merged.get(name), value) : clean(value.deepCopy()));
      }
    }
    return merged;
  }

  private static ArrayNode list(ArrayNode present, ArrayNode items, String key) {
    ArrayNode merged = present.deepCopy();
    for (JsonNode item : items) {
      int at = find(merged, item.path(key), key);
      boolean delete = item.path(DIRECTIVE).asText().equals("delete");
      if (at >= 0 && delete) {
        merged.remove(at);
      } else if (at >= 0) {
        merged.set(at, apply(merged.get(at), item));
      } else if (!delete) {
        merged.add(clean(item.deepCopy()));
      }
    }
    return merged;
  }

  private static int find(ArrayNode list, JsonNode value, String key) {
    for (int i = 0; i < list.size(); i++) {
      if (!value.isMissingNode() && value.equals(list.get(i).path(key))) {
        return i;
      }
    }
    return -1;
  }

  /** Nulls and directives of what there was nothing to patch of. */
  private static JsonNode clean(JsonNode value) {
    if (value instanceof ObjectNode object) {
      object.remove(DIRECTIVE);
      object.properties().removeIf(field -> field.getValue().isNull());
      object.forEach(StrategicMerge::clean);
    }
    return value;
  }
}
