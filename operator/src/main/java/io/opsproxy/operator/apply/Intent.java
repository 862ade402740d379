package io.opsproxy.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.opsproxy.operator.render.Sha256;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Whether an object in the cluster is as we want it: everything that we say is there, and nothing
 * that we said earlier is left over. The second cannot be seen in the object, so a digest of what
 * was said last stands in an annotation. What others have added is left alone. Thread-safe.
 */
final class Intent {
  static final String ANNOTATION = "opsproxy.io/intent";

  private final KubernetesSerialization json;

  Intent(KubernetesSerialization json) {
    this.json = json;
  }

  /** The object with the digest of all it says. */
  <T extends HasMetadata> T stamped(T desired) {
    T copy = json.clone(desired);
    Map<String, String> annotations = copy.getMetadata().getAnnotations();
    copy.getMetadata().setAnnotations(annotations == null ? new LinkedHashMap<>() : annotations);
    copy.getMetadata()
        .getAnnotations()
        .put(ANNOTATION, Sha256.hex(json.asJson(desired)).substring(0, 16));
    return copy;
  }

  /** The digest of an object that has one. */
  static String digest(HasMetadata stamped) {
    return stamped.getMetadata().getAnnotations().get(ANNOTATION);
  }

  /** Whether the live object says everything that the desired one, stamped, says. */
  boolean holds(HasMetadata desired, HasMetadata live) {
    return within(
        json.convertValue(desired, JsonNode.class), json.convertValue(live, JsonNode.class), false);
  }

  /**
   * @param quantities whether texts may be amounts, which the API server writes in its own way
   */
  private static boolean within(JsonNode desired, JsonNode live, boolean quantities) {
    if (live == null) {
      return false;
    }
    if (desired.isObject()) {
      for (Map.Entry<String, JsonNode> field : desired.properties()) {
        boolean amounts = quantities || field.getKey().equals("resources");
        if (!within(field.getValue(), live.get(field.getKey()), amounts)) {
          return false;
        }
      }
      return true;
    }
    if (desired.isArray()) {
      return listWithin(desired, live, quantities);
    }
    if (desired.isNumber() && live.isNumber()) {
      return desired.asDouble() == live.asDouble();
    }
    return desired.equals(live)
        || (quantities && desired.isTextual() && live.isTextual() && sameAmount(desired, live));
  }

  /** Elements with a name are found by it, as the API server merges them; others by place. */
  private static boolean listWithin(JsonNode desired, JsonNode live, boolean quantities) {
    for (int i = 0; i < desired.size(); i++) {
      JsonNode element = desired.get(i);
      boolean named = element.has("name");
      Optional<JsonNode> found =
          named ? byName(live, element.get("name")) : Optional.ofNullable(live.get(i));
      if (found.isEmpty() || !within(element, found.get(), quantities)) {
        return false;
      }
      if (!named && desired.size() != live.size()) {
        return false;
      }
    }
    return true;
  }

  private static Optional<JsonNode> byName(JsonNode list, JsonNode name) {
    for (JsonNode element : list) {
      if (name.equals(element.get("name"))) {
        return Optional.of(element);
      }
    }
    return Optional.empty();
  }

  private static boolean sameAmount(JsonNode a, JsonNode b) {
    try {
      return Quantity.getAmountInBytes(new Quantity(a.asText()))
              .compareTo(Quantity.getAmountInBytes(new Quantity(b.asText())))
          == 0;
    } catch (RuntimeException e) {
      return false;
    }
  }
}
