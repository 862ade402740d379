package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads a kind of this API value by value: what this program does not know is left out and named,
 * the rest is there. A definition may be newer than the program; an object that cannot be read as a
 * whole would end the watch of all objects of its kind.
 */
abstract class TolerantReader<R extends CustomResource<S, T>, S, T> extends StdDeserializer<R> {
  private static final long serialVersionUID = 1L;

  /** More faults than that say nothing new; what is left is then left out as a whole. */
  private static final int MAX_FAULTS = 16;

  private final Class<S> specType;
  private final Class<T> statusType;

  TolerantReader(Class<R> type, Class<S> specType, Class<T> statusType) {
    super(type);
    this.specType = specType;
    this.statusType = statusType;
  }

  /** An object without anything. */
  abstract R make();

  /** Takes what could not be read; never empty. */
  abstract void faults(R object, List<String> faults);

  @Override
  public R deserialize(JsonParser parser, DeserializationContext context) throws IOException {
    JsonNode tree = context.readTree(parser);
    R object = make();
    if (tree.path("apiVersion").isTextual()) {
      object.setApiVersion(tree.get("apiVersion").asText());
    }
    if (tree.path("kind").isTextual()) {
      object.setKind(tree.get("kind").asText());
    }
    if (tree.path("metadata") instanceof ObjectNode metadata) {
      // Who owns which field is as large as the rest of an object, and nobody here asks for it.
      metadata.remove("managedFields");
      object.setMetadata(context.readTreeAsValue(tree.get("metadata"), ObjectMeta.class));
    }
    List<String> faults = new ArrayList<>();
    object.setSpec(read("spec", tree, specType, context, faults));
    if (!faults.isEmpty()) {
      faults(object, List.copyOf(faults));
    }
    if (tree.path("status").isObject()) {
      // Ours to write: what a newer operator has written there is written anew.
      object.setStatus(read("status", tree, statusType, context, new ArrayList<>()));
    }
    return object;
  }

  private static <V> V read(
      String field,
      JsonNode tree,
      Class<V> type,
      DeserializationContext context,
      List<String> faults)
      throws IOException {
    JsonNode value = tree.path(field);
    JsonNode rest = value.isObject() ? value.deepCopy() : JsonNodeFactory.instance.objectNode();
    while (faults.size() < MAX_FAULTS) {
      try {
        return context.readTreeAsValue(rest, type);
      } catch (JsonMappingException e) {
        faults.add(describe(field, e));
        if (!remove(rest, e.getPath())) {
          break;
        }
      }
    }
    return context.readTreeAsValue(JsonNodeFactory.instance.objectNode(), type);
  }

  private static String describe(String field, JsonMappingException problem) {
    StringBuilder path = new StringBuilder(field);
    for (JsonMappingException.Reference step : problem.getPath()) {
      path.append(
          step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName());
    }
    if (problem instanceof InvalidFormatException invalid) {
      return path
          + ": "
          + quoted(invalid.getValue())
          + " is not known to this operator"
          + known(invalid.getTargetType());
    }
    return path + ": is not known to this operator: " + firstLine(problem);
  }

  private static String quoted(Object value) {
    return value instanceof CharSequence ? "\"" + value + "\"" : String.valueOf(value);
  }

  private static String known(Class<?> type) {
    return type == null || !type.isEnum()
        ? ""
        : ", which knows "
            + Arrays.stream(type.getEnumConstants())
                .map(one -> Words.of((Enum<?>) one))
                .collect(Collectors.joining(", "));
  }

  private static String firstLine(JsonProcessingException problem) {
    return problem.getOriginalMessage().lines().findFirst().orElse("");
  }

  /** Takes out what the path leads to; false when it leads nowhere. */
  private static boolean remove(JsonNode tree, List<JsonMappingException.Reference> path) {
    JsonNode parent = tree;
    for (int i = 0; i < path.size() - 1; i++) {
      parent = step(parent, path.get(i));
    }
    if (path.isEmpty() || parent == null) {
      return false;
    }
    JsonMappingException.Reference last = path.get(path.size() - 1);
    if (parent instanceof ObjectNode object && last.getFieldName() != null) {
      return object.remove(last.getFieldName()) != null;
    }
    return parent instanceof ArrayNode array && array.remove(last.getIndex()) != null;
  }

  private static JsonNode step(JsonNode node, JsonMappingException.Reference step) {
    if (node == null) {
      return null;
    }
    return step.getFieldName() == null ? node.get(step.getIndex()) : node.get(step.getFieldName());
  }
}
