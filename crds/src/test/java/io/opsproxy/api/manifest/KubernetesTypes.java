package io.opsproxy.api.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Properties;

/**
 * What the types of Kubernetes' own API say of themselves there, and their Java types do not:
 * descriptions, required fields, words and bounds. The facts are those of Kubernetes 1.34.
 */
final class KubernetesTypes {
  private static final Properties FACTS = facts();

  /** As the API server reads them (apimachinery's quantity). */
  private static final String QUANTITY =
      "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$";

  private KubernetesTypes() {}

  static boolean knows(Class<?> type) {
    return type.getPackageName().startsWith("io.fabric8.kubernetes.api.model");
  }

  static void complete(ObjectNode schema, Class<?> type) {
    if (type == Quantity.class) {
      schema.put("pattern", QUANTITY);
      return;
    }
    if (type == IntOrString.class) {
      // Both, which the generator has said.
      return;
    }
    String name = type.getSimpleName();
    words(FACTS.getProperty(name + ".required"), schema, "required");
    if (Boolean.parseBoolean(FACTS.getProperty(name + ".atomic"))) {
      schema.put("x-kubernetes-map-type", "atomic");
    }
    for (Map.Entry<String, JsonNode> property : schema.get("properties").properties()) {
      String fact = name + "." + property.getKey();
      ObjectNode field = (ObjectNode) property.getValue();
      field.put("description", fact(fact));
      number(fact, field, "maximum");
      number(fact, field, "minimum");
      number(fact, field, "maxLength");
      number(fact, field, "minLength");
      words(FACTS.getProperty(fact + ".enum"), field, "enum");
      for (String key : new String[] {"pattern", "format"}) {
        if (FACTS.getProperty(fact + "." + key) != null) {
          field.put(key, FACTS.getProperty(fact + "." + key));
        }
      }
      descend(field, fieldType(type, property.getKey()), fact);
    }
  }

  private static void descend(ObjectNode field, Type type, String fact) {
    Class<?> raw = SchemaWalk.rawType(type);
    if (type instanceof ParameterizedType container) {
      Type[] arguments = container.getActualTypeArguments();
      boolean map = raw == Map.class;
      ObjectNode inner = (ObjectNode) field.get(map ? "additionalProperties" : "items");
      if (!map) {
        String key = FACTS.getProperty(fact + ".key");
        field.put("x-kubernetes-list-type", key == null ? "atomic" : "map");
        words(key, field, "x-kubernetes-list-map-keys");
      }
      descend(inner, arguments[map ? 1 : 0], fact);
    } else if (knows(raw)) {
      complete(field, raw);
    } else if (raw == Integer.class || raw == Long.class) {
      field.put("format", raw == Integer.class ? "int32" : "int64");
    }
  }

  private static Type fieldType(Class<?> type, String name) {
    try {
      Field field = type.getDeclaredField(name);
      return field.getGenericType();
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(type + " has no field " + name, e);
    }
  }

  private static String fact(String key) {
    String value = FACTS.getProperty(key);
    if (value == null) {
      throw new IllegalStateException("kubernetes-types.properties does not describe " + key);
    }
    return value;
  }

  private static void number(String fact, ObjectNode field, String key) {
    String value = FACTS.getProperty(fact + "." + key);
    if (value != null) {
      field.put(key, Long.parseLong(value));
    }
  }

  private static void words(String value, ObjectNode field, String key) {
    if (value != null) {
      ArrayNode words = field.putArray(key);
      for (String word : value.split(",")) {
        words.add(word);
      }
    }
  }

  private static Properties facts() {
    Properties facts = new Properties();
    try (InputStream in =
        KubernetesTypes.class.getResourceAsStream("kubernetes-types.properties")) {
      facts.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return facts;
  }
}
