package io.opsproxy.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Everything that a schema says of one value by itself. The words are those of an API server. */
final class StructureCheck {
  /** RE2, as there: java.util.regex reads some patterns in another way. */
  private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();

  void check(String path, JsonNode value, JsonNode schema, List<Violation> violations) {
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      if (value.isTextual() || value.isIntegralNumber()) {
        pattern(path, value, schema, violations);
      } else {
        violations.add(wrongType(path, value, "integer or string"));
      }
      return;
    }
    String type = schema.path("type").asText();
    if (!isOf(type, value)) {
      violations.add(wrongType(path, value, type));
      return;
    }
    switch (type) {
      case "object" -> object(path, value, schema, violations);
      case "array" -> array(path, value, schema, violations);
      case "string" -> text(path, value, schema, violations);
      case "integer" -> number(path, value, schema, violations);
      default -> {}
    }
  }

  private static boolean isOf(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      default -> throw new IllegalStateException("a schema of type \"" + type + "\"");
    };
  }

  private void object(String path, JsonNode value, JsonNode schema, List<Violation> violations) {
    JsonNode properties = schema.path("properties");
    JsonNode values = schema.get("additionalProperties");
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      String inner = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
      if (properties.has(entry.getKey())) {
        check(inner, entry.getValue(), properties.get(entry.getKey()), violations);
      } else if (values != null) {
        check(path + "[" + entry.getKey() + "]", entry.getValue(), values, violations);
      } else if (!schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
        List<String> known = new ArrayList<>();
        properties.fieldNames().forEachRemaining(known::add);
        violations.add(Unknown.field(inner, entry.getKey(), known));
      }
    }
    for (JsonNode name : schema.path("required")) {
      if (!value.has(name.asText())) {
        String inner = path.isEmpty() ? name.asText() : path + "." + name.asText();
        violations.add(new Violation(inner, "Required value"));
      }
    }
    if (value.size() > schema.path("maxProperties").asInt(Integer.MAX_VALUE)) {
      violations.add(tooMany(path, value, schema.get("maxProperties")));
    }
  }

  private void array(String path, JsonNode value, JsonNode schema, List<Violation> violations) {
    if (value.size() > schema.path("maxItems").asInt(Integer.MAX_VALUE)) {
      violations.add(tooMany(path, value, schema.get("maxItems")));
    }
    if (value.size() < schema.path("minItems").asInt()) {
      violations.add(
          new Violation(
              path, "should have at least " + schema.get("minItems").asText() + " items"));
    }
    Set<List<JsonNode>> seen = new HashSet<>();
    String listType = schema.path("x-kubernetes-list-type").asText();
    for (int i = 0; i < value.size(); i++) {
      JsonNode item = value.get(i);
      String inner = path + "[" + i + "]";
      check(inner, item, schema.get("items"), violations);
      List<JsonNode> key = new ArrayList<>();
      if (listType.equals("map")) {
        schema.get("x-kubernetes-list-map-keys").forEach(name -> key.add(item.path(name.asText())));
      } else {
        key.add(item);
      }
      if (!listType.equals("atomic") && !seen.add(key)) {
        violations.add(new Violation(inner, "Duplicate value: " + key.get(0)));
      }
    }
  }

  private void text(String path, JsonNode value, JsonNode schema, List<Violation> violations) {
    String text = value.asText();
    int length = text.codePointCount(0, text.length());
    if (length > schema.path("maxLength").asInt(Integer.MAX_VALUE)) {
      violations.add(
          new Violation(
              path,
              "Too long: may not be more than " + schema.get("maxLength").asText() + " bytes"));
    }
    if (length < schema.path("minLength").asInt()) {
      violations.add(
          new Violation(
              path, "should be at least " + schema.get("minLength").asText() + " chars long"));
    }
    pattern(path, value, schema, violations);
    JsonNode words = schema.get("enum");
    if (words == null) {
      return;
    }
    List<String> known = new ArrayList<>();
    words.forEach(word -> known.add(word.asText()));
    if (!known.contains(text)) {
      violations.add(
          new Violation(
              path,
              "Unsupported value: \""
                  + text
                  + "\": supported values: \""
                  + String.join("\", \"", known)
                  + "\""));
    }
  }

  private void pattern(String path, JsonNode value, JsonNode schema, List<Violation> violations) {
    JsonNode pattern = schema.get("pattern");
    if (pattern == null || !value.isTextual()) {
      return;
    }
    Pattern compiled = patterns.computeIfAbsent(pattern.asText(), Pattern::compile);
    if (!compiled.matcher(value.asText()).find()) {
      violations.add(
          new Violation(
              path,
              "Invalid value: \""
                  + value.asText()
                  + "\": should match '"
                  + pattern.asText()
                  + "'"));
    }
  }

  private static void number(
      String path, JsonNode value, JsonNode schema, List<Violation> violations) {
    JsonNode least = schema.get("minimum");
    JsonNode most = schema.get("maximum");
    if (least != null && value.bigIntegerValue().compareTo(least.bigIntegerValue()) < 0) {
      violations.add(invalid(path, value, "should be greater than or equal to " + least.asText()));
    }
    if (most != null && value.bigIntegerValue().compareTo(most.bigIntegerValue()) > 0) {
      violations.add(invalid(path, value, "should be less than or equal to " + most.asText()));
    }
    if (!value.canConvertToLong()) {
      violations.add(invalid(path, value, "must be of type int64"));
    }
  }

  private static Violation invalid(String path, JsonNode value, String message) {
    return new Violation(path, "Invalid value: " + value + ": " + message);
  }

  private static Violation wrongType(String path, JsonNode value, String type) {
    String found = value.isTextual() ? "a string" : value.toString();
    String quotes = type.equals("string") && value.isValueNode() ? ": write it in quotes" : "";
    return new Violation(
        path, "Invalid value: must be of type " + type + ", and is " + found + quotes);
  }

  private static Violation tooMany(String path, JsonNode value, JsonNode most) {
    return new Violation(
        path, "Too many: " + value.size() + ": must have at most " + most.asText() + " items");
  }
}
