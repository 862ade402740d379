package io.opsproxy.api.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The custom resource definition of a kind, made from its Java types. */
record Manifest(Class<? extends HasMetadata> kind, ObjectNode definition) {
  private static final String HEAD = "# Made from the Java types by ManifestTest; do not edit.\n";

  static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  static List<Manifest> all() {
    return List.of(of(ProxyPeer.class), of(ExposedService.class));
  }

  static Manifest of(Class<? extends HasMetadata> kind) {
    ObjectNode definition = generated(kind);
    ObjectNode version = (ObjectNode) definition.at("/spec/versions/0");
    version.set("additionalPrinterColumns", columns(kind));
    ObjectNode schema = (ObjectNode) version.at("/schema/openAPIV3Schema");
    new SchemaWalk().kind(schema, kind);
    Order.apply(schema);
    return new Manifest(kind, definition);
  }

  String fileName() {
    return definition.at("/metadata/name").asText() + ".yaml";
  }

  String text() {
    try {
      return HEAD + YAML.writeValueAsString(definition);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode schema() {
    return definition.at("/spec/versions/0/schema/openAPIV3Schema");
  }

  private static ObjectNode generated(Class<? extends HasMetadata> kind) {
    Output output = new Output();
    new CRDGenerator()
        .customResourceClasses(List.of(kind))
        .forCRDVersions("v1")
        .withOutput(output)
        .generate();
    try {
      return (ObjectNode) YAML.readTree(output.bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In the order of the annotations, which is the order that people see; the generator sorts. */
  private static ArrayNode columns(Class<?> kind) {
    ArrayNode columns = YAML.createArrayNode();
    for (AdditionalPrinterColumn column :
        kind.getAnnotationsByType(AdditionalPrinterColumn.class)) {
      ObjectNode written =
          columns
              .addObject()
              .put("name", column.name())
              .put("type", column.type().getValue())
              .put("jsonPath", column.jsonPath());
      // The server does not keep a 0: written down, every apply would find a difference.
      if (column.priority() != 0) {
        written.put("priority", column.priority());
      }
    }
    return columns;
  }

  private static final class Output implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public ByteArrayOutputStream outputFor(String name) {
      return bytes;
    }

    @Override
    public void close() {}
  }
}
