package io.opsproxy.dataplane.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A JSON object that is chosen from before it is written. One thread. */
final class JsonTree {
  private final Map<String, Object> fields = new LinkedHashMap<>();

  /**
   * @param value text, number, truth value, another tree, or a list of trees or text
   */
  JsonTree put(String field, Object value) {
    fields.put(field, value);
    return this;
  }

  JsonTree putAll(JsonTree other) {
    fields.putAll(other.fields);
    return this;
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
    return value instanceof List<?> list
        ? list.stream().map(one -> masked(one, paths)).toList()
        : value;
  }

  void write(JsonGenerator json) throws IOException {
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
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object one : list) {
        write(json, one);
      }
      json.writeEndArray();
    } else {
      writeScalar(json, value);
    }
  }

  private static void writeScalar(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Integer number) {
      json.writeNumber(number);
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else {
      json.writeString(value.toString());
    }
  }
}
