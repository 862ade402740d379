package io.opsproxy.dataplane.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * A JSON object that may be chosen from before it is written. Its lists are made while they are
 * written, element by element, so that a page about 10,000 clusters holds one of them beside its
 * text. One thread.
 */
final class JsonTree {
  private final Map<String, Object> fields = new LinkedHashMap<>();

  /**
   * @param value text, number, truth value, another tree, or {@link #each} or a list of trees or
   *     text
   */
  JsonTree put(String field, Object value) {
    fields.put(field, value);
    return this;
  }

  JsonTree putAll(JsonTree other) {
    fields.putAll(other.fields);
    return this;
  }

  /** A list with the tree of each item. */
  static <T> Iterable<JsonTree> each(Collection<T> items, Function<T, JsonTree> tree) {
    return () -> items.stream().map(tree).iterator();
  }

  /** Envoy's {@code core.v3.Address}. */
  static JsonTree address(String host, int port) {
    return new JsonTree()
        .put("socket_address", new JsonTree().put("address", host).put("port_value", port));
  }

  /** As a page. */
  Page page() {
    return JsonText.page(this::write);
  }

  /**
   * What of it these paths lead to, each of fields with dots between them, through lists too; its
   * {@code @type} stays.
   */
  JsonTree masked(List<String> paths) {
    JsonTree chosen = new JsonTree();
    fields.forEach(
        (field, value) -> {
          List<String> below =
              paths.stream()
                  .filter(path -> path.startsWith(field + "."))
                  .map(path -> path.substring(field.length() + 1))
                  .toList();
          if (field.equals("@type") || paths.contains(field)) {
            chosen.put(field, value);
          } else if (!below.isEmpty()) {
            chosen.put(field, masked(value, below));
          }
        });
    return chosen;
  }

  private static Object masked(Object value, List<String> paths) {
    if (value instanceof JsonTree tree) {
      return tree.masked(paths);
    }
    return value instanceof Iterable<?> list ? changed(list, one -> masked(one, paths)) : value;
  }

  /** The same list with something else for each element, made while it is written too. */
  static Iterable<Object> changed(Iterable<?> list, Function<Object, Object> change) {
    return () -> StreamSupport.stream(list.spliterator(), false).<Object>map(change).iterator();
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      json.writeFieldName(field.getKey());
      write(json, field.getValue());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof JsonTree tree) {
      tree.write(json);
    } else if (value instanceof Iterable<?> list) {
      json.writeStartArray();
      for (Object one : list) {
        write(json, one);
      }
      json.writeEndArray();
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else {
      json.writeString(value.toString());
    }
  }
}
