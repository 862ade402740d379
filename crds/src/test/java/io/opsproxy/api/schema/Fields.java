package io.opsproxy.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares an object with all that its schema has. */
public final class Fields {
  private Fields() {}

  /** The schema of a kind, as it lies on the class path. */
  public static JsonNode definition(String kind) {
    try (InputStream in = Fields.class.getResourceAsStream(Schemas.resource(kind))) {
      return new YAMLMapper().readTree(in).at("/spec/versions/0/schema/openAPIV3Schema");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Paths of the fields of the spec that the object does not set. */
  static List<String> missing(JsonNode object, JsonNode schema) {
    List<String> missing = new ArrayList<>();
    walk("spec", object.get("spec"), schema.at("/properties/spec"), missing);
    return missing;
  }

  private static void walk(String path, JsonNode value, JsonNode schema, List<String> missing) {
    if (value.isArray()) {
      // Items differ in what they set; together they set everything.
      List<List<String>> each = new ArrayList<>();
      for (JsonNode item : value) {
        List<String> ofItem = new ArrayList<>();
        walk(path + "[]", item, schema.get("items"), ofItem);
        each.add(ofItem);
      }
      List<String> all = new ArrayList<>(each.get(0));
      each.forEach(all::retainAll);
      missing.addAll(all);
      return;
    }
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String inner = path + "." + property.getKey();
      JsonNode set = value.get(property.getKey());
      if (set == null || (set.isContainerNode() && set.isEmpty() && !inner.endsWith(".tcp"))) {
        missing.add(inner);
      } else {
        walk(inner, set, property.getValue(), missing);
      }
    }
  }
}
