package io.opsproxy.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opsproxy.api.schema.Fields;
import io.opsproxy.api.schema.Schemas;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A user reads the defaults of the definition; without an API server those of the types hold. */
class DefaultsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void theTypesOfAPeerHaveTheDefaultsOfItsDefinition() {
    assertThat(differences(ProxyPeerSpec.class, "ProxyPeer")).isEmpty();
  }

  @Test
  void theTypesOfAServiceHaveTheDefaultsOfItsDefinition() {
    assertThat(differences(ExposedServiceSpec.class, "ExposedService")).isEmpty();
  }

  @Test
  void anEmptySpecReadsTheSameWithAndWithoutAnApiServer() throws Exception {
    ObjectNode object = JSON.createObjectNode();
    object.putObject("spec");
    JsonNode filled = Schemas.of("ProxyPeer").withDefaults(object);
    assertThat(filled.get("spec").size()).isGreaterThan(10);
    assertThat(JSON.treeToValue(filled.get("spec"), ProxyPeerSpec.class))
        .isEqualTo(JSON.readValue("{}", ProxyPeerSpec.class));
  }

  private static List<String> differences(Class<?> spec, String kind) {
    List<String> differences = new ArrayList<>();
    JsonNode schema = Fields.definition(kind).at("/properties/spec");
    compare("spec", spec, schema, differences);
    return differences;
  }

  private static void compare(
      String path, Class<?> type, JsonNode schema, List<String> differences) {
    Object empty = JSON.convertValue(Map.of(), type);
    for (RecordComponent component : type.getRecordComponents()) {
      String inner = path + "." + component.getName();
      JsonNode field = schema.at("/properties/" + component.getName());
      assertThat(field.isMissingNode()).as(inner).isFalse();
      Object value = value(component, empty);
      JsonNode ofType = isNothing(value) ? null : JSON.valueToTree(value);
      JsonNode ofSchema = field.get("default");
      if (ofSchema != null) {
        ObjectNode holder = JSON.createObjectNode();
        holder.set("value", ofSchema.deepCopy());
        // What a nested default leaves out, the type of it fills in.
        ofSchema = JSON.valueToTree(JSON.convertValue(holder.get("value"), component.getType()));
      }
      if (!String.valueOf(ofType).equals(String.valueOf(ofSchema))) {
        differences.add(inner + ": the definition says " + ofSchema + ", the type " + ofType);
      }
      Class<?> nested = nested(component.getGenericType());
      if (nested != null) {
        compare(inner, nested, field.has("items") ? field.get("items") : field, differences);
      }
    }
  }

  private static Class<?> nested(Type type) {
    Type inner =
        type instanceof ParameterizedType container ? container.getActualTypeArguments()[0] : type;
    return inner instanceof Class<?> raw && raw.isRecord() ? raw : null;
  }

  private static boolean isNothing(Object value) {
    return value == null
        || (value instanceof Collection<?> list && list.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
  }

  private static Object value(RecordComponent component, Object record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
