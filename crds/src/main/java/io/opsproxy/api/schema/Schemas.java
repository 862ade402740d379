package io.opsproxy.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The schemas of the kinds of this API. Safe for use by many threads. */
public final class Schemas {
  /** Kind to the name of its definition. */
  private static final Map<String, String> DEFINITIONS =
      Map.of(
          "ProxyPeer", "proxypeers.opsproxy.io",
          "ExposedService", "exposedservices.opsproxy.io");

  private static final Map<String, Schema> READ = new ConcurrentHashMap<>();

  private Schemas() {}

  /** The kinds that have a schema, in the order of the alphabet. */
  public static List<String> kinds() {
    return DEFINITIONS.keySet().stream().sorted().toList();
  }

  /**
   * The schema of a kind.
   *
   * @param kind such as {@code ProxyPeer}
   * @throws IllegalArgumentException when the API has no such kind
   */
  public static Schema of(String kind) {
    String definition = DEFINITIONS.get(kind);
    if (definition == null) {
      throw new IllegalArgumentException(
          "kind \"" + kind + "\" is none of this API: " + String.join(", ", kinds()));
    }
    return READ.computeIfAbsent(kind, k -> new Schema(k, read(definition)));
  }

  /** Where the definition of a kind lies on the class path, for those who install it. */
  public static String resource(String kind) {
    return "/META-INF/fabric8/" + DEFINITIONS.get(kind) + ".yaml";
  }

  private static JsonNode read(String definition) {
    String resource = "/META-INF/fabric8/" + definition + ".yaml";
    try (InputStream in = Schemas.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + resource);
      }
      return new YAMLMapper().readTree(in).at("/spec/versions/0/schema/openAPIV3Schema");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }
}
