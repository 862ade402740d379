package io.opsproxy.api.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Puts what a schema says of a field before what it says of the fields inside. */
final class Order {
  private static final List<String> LAST = List.of("additionalProperties", "items", "properties");
  private static final List<String> FIRST =
      List.of(
          "description",
          "type",
          "format",
          "default",
          "enum",
          "minimum",
          "maximum",
          "minLength",
          "maxLength",
          "pattern",
          "minItems",
          "maxItems",
          "maxProperties",
          "anyOf",
          "required");

  private Order() {}

  static void apply(ObjectNode schema) {
    ObjectNode old = schema.deepCopy();
    schema.removeAll();
    move(FIRST, old, schema);
    ObjectNode children = old.objectNode();
    move(LAST, old, children);
    schema.setAll(old);
    schema.setAll(children);
    children.path("properties").properties().forEach(child -> descend(child.getValue()));
    descend(children.get("items"));
    descend(children.get("additionalProperties"));
  }

  private static void move(List<String> keys, ObjectNode from, ObjectNode to) {
    for (String key : keys) {
      JsonNode value = from.remove(key);
      if (value != null) {
        to.set(key, value);
      }
    }
  }

  private static void descend(JsonNode schema) {
    if (schema instanceof ObjectNode object) {
      apply(object);
    }
  }
}
