package io.opsproxy.api.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tables of README.md: every field of a kind, and the rules about more than one field. */
final class Reference {
  /** Fifty fields that are Kubernetes' own, and exactly those of a pod. */
  private static final String AFFINITY = "spec.template.affinity";

  private final StringBuilder fields = new StringBuilder();
  private final List<String> rules = new ArrayList<>();

  private Reference() {}

  /** {@code text} with the block of the kind written anew. */
  static String replace(String text, Manifest manifest) {
    String name = manifest.kind().getSimpleName();
    String begin = "<!-- fields of " + name + " -->\n";
    String end = "<!-- /fields of " + name + " -->\n";
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    if (from < 0 || to < from) {
      throw new IllegalStateException("README.md lacks the lines " + begin + "and " + end);
    }
    return text.substring(0, from + begin.length()) + block(manifest) + text.substring(to);
  }

  private static String block(Manifest manifest) {
    Reference reference = new Reference();
    StringBuilder block = new StringBuilder();
    reference.rules("the object", manifest.schema(), false);
    for (String part : List.of("spec", "status")) {
      JsonNode schema = manifest.schema().get("properties").get(part);
      reference.fields.setLength(0);
      reference.rules(part, schema, false);
      reference.properties(part, schema);
      block.append("\n| field of ").append(part).append(" | type | default | bounds | |\n");
      block.append("|---|---|---|---|---|\n").append(reference.fields);
    }
    block.append("\nRules about more than one field, or about a change:\n\n");
    reference.rules.forEach(rule -> block.append("- ").append(rule).append('\n'));
    return block.append('\n').toString();
  }

  private void properties(String path, JsonNode schema) {
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      boolean required = schema.path("required").toString().contains('"' + property.getKey() + '"');
      field(path + "." + property.getKey(), property.getValue(), required);
    }
  }

  private void field(String path, JsonNode schema, boolean required) {
    List<String> bounds = new ArrayList<>();
    if (required) {
      bounds.add("required");
    }
    boolean list = schema.has("items");
    JsonNode value = list ? schema.get("items") : schema;
    String shown = path + (list ? "[]" : "");
    bounds(schema, bounds);
    if (list) {
      bounds(value, bounds);
    } else if (schema.has("additionalProperties")) {
      bounds(schema.get("additionalProperties"), bounds);
    }
    fields
        .append("| `")
        .append(shown.substring(shown.indexOf('.') + 1))
        .append("` | ")
        .append(type(schema))
        .append(" | ")
        .append(byDefault(schema))
        .append(" | ")
        .append(String.join("; ", bounds).replace("|", "\\|"))
        .append(" | ")
        .append(schema.path("description").asText().replace("|", "\\|"))
        .append(path.equals(AFFINITY) ? " Fields as in the `spec.affinity` of a Pod." : "")
        .append(" |\n");
    boolean scalar = !value.path("type").asText().equals("object");
    rules(shown, value, scalar);
    if (!path.equals(AFFINITY)) {
      properties(shown, value);
    }
  }

  private static String byDefault(JsonNode schema) {
    JsonNode value = schema.get("default");
    return value == null || value instanceof ObjectNode ? "" : "`" + value.asText() + "`";
  }

  private static String type(JsonNode schema) {
    if (schema.has("items")) {
      JsonNode keys = schema.get("x-kubernetes-list-map-keys");
      String kind = schema.path("x-kubernetes-list-type").asText();
      String of = " of " + type(schema.get("items"));
      if (keys != null) {
        return "list by " + keys.get(0).asText();
      }
      return (kind.equals("set") ? "set" : "list") + of;
    }
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      return schema.has("pattern") ? "quantity" : "integer or string";
    }
    if (schema.has("additionalProperties")) {
      return "map to " + type(schema.get("additionalProperties"));
    }
    return schema.path("type").asText();
  }

  private static void bounds(JsonNode schema, List<String> bounds) {
    if (schema.has("enum")) {
      List<String> words = new ArrayList<>();
      schema.get("enum").forEach(word -> words.add("`" + word.asText() + "`"));
      bounds.add(String.join(", ", words));
    }
    long most = schema.path("maximum").asLong(Long.MAX_VALUE);
    if (most < Integer.MAX_VALUE) {
      bounds.add(schema.path("minimum").asLong() + " to " + most);
    } else if (schema.has("minimum")) {
      bounds.add("from " + schema.get("minimum").asLong());
    }
    range(schema, "minItems", "maxItems", "items", bounds);
    range(schema, "minProperties", "maxProperties", "entries", bounds);
    range(schema, "minLength", "maxLength", "characters", bounds);
    if (schema.has("pattern")) {
      bounds.add("`" + schema.get("pattern").asText() + "`");
    }
    boolean scalar = !schema.has("items") && !schema.path("type").asText().equals("object");
    if (scalar) {
      for (JsonNode rule : schema.path("x-kubernetes-validations")) {
        if (!rule.get("rule").asText().contains("oldSelf")) {
          bounds.add(rule.get("message").asText());
        }
      }
    }
  }

  private static void range(
      JsonNode schema, String least, String most, String what, List<String> bounds) {
    if (schema.has(most)) {
      String from = schema.has(least) ? schema.get(least).asText() + " to " : "up to ";
      bounds.add(from + schema.get(most).asText() + " " + what);
    }
  }

  private void rules(String path, JsonNode schema, boolean onlyChanges) {
    for (JsonNode rule : schema.path("x-kubernetes-validations")) {
      if (!onlyChanges || rule.get("rule").asText().contains("oldSelf")) {
        rules.add("`" + path + "`: " + rule.get("message").asText());
      }
    }
  }
}
