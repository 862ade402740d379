package io.opsproxy.api.manifest;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.opsproxy.api.v1alpha1.Keyed;
import io.opsproxy.api.v1alpha1.Text;
import io.opsproxy.api.v1alpha1.TextFormat;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Goes through a generated schema and the Java types side by side, and adds what the generator has
 * no means to say: text formats, list types, bounds of integers and of the values of maps, and what
 * is known of the types of Kubernetes.
 */
final class SchemaWalk {

  void kind(ObjectNode schema, Class<? extends HasMetadata> kind) {
    describe(schema, kind);
    ParameterizedType parent = (ParameterizedType) kind.getGenericSuperclass();
    Type[] arguments = parent.getActualTypeArguments();
    ObjectNode properties = (ObjectNode) schema.get("properties");
    for (int i = 0; i < 2; i++) {
      ObjectNode part = (ObjectNode) properties.get(i == 0 ? "spec" : "status");
      describe(part, (Class<?>) arguments[i]);
      type(part, arguments[i]);
    }
    schema.putArray("required").add("spec");
  }

  private static void describe(ObjectNode schema, Class<?> type) {
    schema.put("description", type.getAnnotation(JsonClassDescription.class).value());
  }

  private void component(ObjectNode schema, RecordComponent component) {
    // The generator meets a rule twice: on the field of the component, and on its accessor.
    if (schema.get("x-kubernetes-validations") instanceof ArrayNode rules) {
      Set<JsonNode> distinct = new LinkedHashSet<>();
      rules.forEach(distinct::add);
      rules.removeAll().addAll(distinct);
    }
    annotated(schema, component.getAnnotatedType());
  }

  private void annotated(ObjectNode schema, AnnotatedType type) {
    text(schema, type);
    if (type instanceof AnnotatedParameterizedType container) {
      AnnotatedType[] arguments = container.getAnnotatedActualTypeArguments();
      if (rawType(type.getType()) == Map.class) {
        ObjectNode values = (ObjectNode) schema.get("additionalProperties");
        size(values, arguments[1]);
        annotated(values, arguments[1]);
      } else {
        ObjectNode items = (ObjectNode) schema.get("items");
        listType(schema, items, type);
        size(items, arguments[0]);
        annotated(items, arguments[0]);
      }
    } else {
      type(schema, type.getType());
    }
  }

  private void type(ObjectNode schema, Type type) {
    Class<?> raw = rawType(type);
    if (raw == JsonNode.class) {
      schema.put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
      schema.remove("properties");
    } else if (raw.isRecord()) {
      for (RecordComponent component : raw.getRecordComponents()) {
        component((ObjectNode) schema.get("properties").get(component.getName()), component);
      }
    } else if (KubernetesTypes.knows(raw)) {
      KubernetesTypes.complete(schema, raw);
    }
    integer(schema, raw);
  }

  static Class<?> rawType(Type type) {
    return (Class<?>) (type instanceof ParameterizedType p ? p.getRawType() : type);
  }

  private static void text(ObjectNode schema, AnnotatedElement type) {
    Text text = type.getAnnotation(Text.class);
    if (text == null) {
      return;
    }
    ArrayNode rules = schema.withArray("/x-kubernetes-validations");
    for (TextFormat.Rule rule : text.value().rules()) {
      rules.addObject().put("message", rule.message()).put("rule", rule.expression());
    }
  }

  private static void listType(ObjectNode schema, ObjectNode items, AnnotatedElement list) {
    Keyed keyed = list.getAnnotation(Keyed.class);
    String[] keys = keyed == null ? new String[0] : keyed.value();
    String kind = keyed == null ? "atomic" : keys.length == 0 ? "set" : "map";
    schema.put("x-kubernetes-list-type", kind);
    if (keys.length > 0) {
      ArrayNode names = schema.putArray("x-kubernetes-list-map-keys");
      Arrays.stream(keys).forEach(names::add);
    }
    // A key that may be missing would be no key: Kubernetes refuses such a definition.
    JsonNode required = items.get("required");
    for (String key : keys) {
      if (required == null || !required.toString().contains('"' + key + '"')) {
        items.withArray("/required").add(key);
      }
    }
  }

  private static void size(ObjectNode schema, AnnotatedElement type) {
    Size size = type.getAnnotation(Size.class);
    if (size != null) {
      schema.put("maxLength", size.max());
    }
  }

  /**
   * Without a bound an API server takes 99999999999, on which every reader of the type in Java then
   * fails, the operator's watch of all objects included.
   */
  private static void integer(ObjectNode schema, Class<?> type) {
    if (type != Integer.class && type != Long.class) {
      return;
    }
    schema.put("format", type == Integer.class ? "int32" : "int64");
    for (String bound : new String[] {"minimum", "maximum"}) {
      if (schema.has(bound)) {
        schema.put(bound, schema.get(bound).asLong());
      }
    }
    if (type == Integer.class && !schema.has("maximum")) {
      schema.put("maximum", Integer.MAX_VALUE);
    }
  }
}
