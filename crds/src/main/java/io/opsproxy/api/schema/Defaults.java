package io.opsproxy.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Fills defaults in, as an API server does when it reads an object. */
final class Defaults {
  private Defaults() {}

  static void fill(JsonNode value, JsonNode schema) {
    if (value instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
        fillProperty(object, property.getKey(), property.getValue());
      }
      JsonNode values = schema.get("additionalProperties");
      if (values != null) {
        object.forEach(inner -> fill(inner, values));
      }
    } else if (value.isArray()) {
      value.forEach(item -> fill(item, schema.path("items")));
    }
  }

  private static void fillProperty(ObjectNode object, String name, JsonNode schema) {
    if (object.path(name).isNull() && !schema.path("nullable").asBoolean()) {
      // A field that is null counts as not written, with or without a default.
      object.remove(name);
    }
    if (!object.has(name) && schema.has("default")) {
      object.set(name, schema.get("default").deepCopy());
    }
    if (object.has(name)) {
      fill(object.get(name), schema);
    }
  }
}
