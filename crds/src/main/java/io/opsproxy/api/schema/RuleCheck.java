package io.opsproxy.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.runtime.CelEvaluationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The rules of a schema, {@code x-kubernetes-validations}, at every place that has some. */
final class RuleCheck {
  private final JsonNode root;
  private final Map<String, Rule> rules = new ConcurrentHashMap<>();

  RuleCheck(JsonNode root) {
    this.root = root;
  }

  /**
   * Adds what breaks a rule. A rule is not asked about a value of which something is known to be
   * wrong: its answer would be about that, in other words.
   */
  void check(JsonNode object, List<Violation> violations) {
    List<String> broken = violations.stream().map(Violation::path).toList();
    check("", object, root, broken, violations);
  }

  private void check(
      String path,
      JsonNode value,
      JsonNode schema,
      List<String> broken,
      List<Violation> violations) {
    if (isSound(path, broken)) {
      for (JsonNode rule : schema.path("x-kubernetes-validations")) {
        String expression = rule.get("rule").asText();
        // A rule about a change: there is nothing that the object was before.
        if (!expression.contains("oldSelf")) {
          apply(path, value, expression, rule.get("message").asText(), violations);
        }
      }
    }
    JsonNode properties = schema.path("properties");
    JsonNode values = schema.get("additionalProperties");
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      String name = entry.getKey();
      if (properties.has(name)) {
        String inner = path.isEmpty() ? name : path + "." + name;
        check(inner, entry.getValue(), properties.get(name), broken, violations);
      } else if (values != null) {
        check(path + "[" + name + "]", entry.getValue(), values, broken, violations);
      }
    }
    if (value.isArray() && schema.has("items")) {
      for (int i = 0; i < value.size(); i++) {
        check(path + "[" + i + "]", value.get(i), schema.get("items"), broken, violations);
      }
    }
  }

  private void apply(
      String path, JsonNode value, String expression, String message, List<Violation> violations) {
    Rule rule = rules.computeIfAbsent(expression, Rule::compile);
    try {
      if (!rule.holds(value)) {
        violations.add(new Violation(path, quoted(value) + message));
      }
    } catch (CelEvaluationException e) {
      violations.add(new Violation(path, quoted(value) + message));
    }
  }

  private static String quoted(JsonNode value) {
    return value.isTextual() && value.asText().length() <= 300
        ? "Invalid value: \"" + value.asText() + "\": "
        : "";
  }

  private static boolean isSound(String path, List<String> broken) {
    for (String place : broken) {
      boolean inside =
          path.isEmpty()
              || place.equals(path)
              || place.startsWith(path + ".")
              || place.startsWith(path + "[");
      if (inside) {
        return false;
      }
    }
    return true;
  }

  /** Compiles all rules; for a test that none of them is beyond the library. */
  List<String> compileAll() {
    List<String> expressions = new ArrayList<>();
    for (JsonNode all : root.findValues("x-kubernetes-validations")) {
      all.forEach(rule -> expressions.add(rule.get("rule").asText()));
    }
    expressions.forEach(Rule::compile);
    return expressions;
  }
}
