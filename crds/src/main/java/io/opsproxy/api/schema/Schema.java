package io.opsproxy.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opsproxy.api.v1alpha1.Api;
import java.util.ArrayList;
import java.util.List;

/** The schema of one kind. Safe for use by many threads. */
public final class Schema {
  private final String kind;
  private final JsonNode root;
  private final StructureCheck structure;
  private final RuleCheck rules;

  Schema(String kind, JsonNode root) {
    this.kind = kind;
    this.root = root;
    this.rules = new RuleCheck(root);
    this.structure = new StructureCheck();
  }

  /**
   * Why an API server would refuse the object; empty when it would take it. Defaults are filled in
   * before anything is checked, and a status is passed over, as there. Rules about a change of an
   * object have nothing to compare with and are passed over too.
   *
   * @param object the whole object, with apiVersion, kind and metadata; it is not changed
   */
  public List<Violation> check(JsonNode object) {
    if (!(object instanceof ObjectNode)) {
      return List.of(new Violation("", "must be an object of kind " + kind));
    }
    ObjectNode whole = (ObjectNode) withDefaults(object);
    whole.remove("status");
    List<Violation> violations = new ArrayList<>();
    head(whole, violations);
    Metadata.check(whole.path("metadata"), violations);
    ObjectNode body = whole.deepCopy();
    body.remove(List.of("apiVersion", "kind", "metadata"));
    structure.check("", body, root, violations);
    rules.check(whole, violations);
    return List.copyOf(violations);
  }

  /**
   * A copy of the object in which every field that has a default and is not set has it. Fields that
   * are null are taken for not set.
   *
   * @param object the whole object; it is not changed
   */
  public JsonNode withDefaults(JsonNode object) {
    JsonNode copy = object.deepCopy();
    Defaults.fill(copy, root);
    return copy;
  }

  private void head(JsonNode whole, List<Violation> violations) {
    expect(whole, "apiVersion", Api.GROUP + "/" + Api.VERSION, violations);
    expect(whole, "kind", kind, violations);
  }

  private static void expect(
      JsonNode whole, String field, String value, List<Violation> violations) {
    if (!whole.path(field).asText().equals(value)) {
      violations.add(new Violation(field, "must be " + value));
    }
  }
}
