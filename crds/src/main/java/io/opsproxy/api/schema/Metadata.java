package io.opsproxy.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What Kubernetes asks of the metadata of any object, as far as people write it. */
final class Metadata {
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final int MAX_NAME = 253;
  private static final int MAX_LABEL = 63;

  private static final List<String> FIELDS =
      List.of(
          "annotations",
          "creationTimestamp",
          "deletionGracePeriodSeconds",
          "deletionTimestamp",
          "finalizers",
          "generateName",
          "generation",
          "labels",
          "managedFields",
          "name",
          "namespace",
          "ownerReferences",
          "resourceVersion",
          "selfLink",
          "uid");

  private Metadata() {}

  static void check(JsonNode metadata, List<Violation> violations) {
    if (!metadata.isObject()) {
      violations.add(new Violation("metadata", "Required value: an object has a name"));
      return;
    }
    metadata
        .fieldNames()
        .forEachRemaining(
            field -> {
              if (!FIELDS.contains(field)) {
                violations.add(Unknown.field("metadata." + field, field, FIELDS));
              }
            });
    name(metadata.path("name"), "metadata.name", SUBDOMAIN, MAX_NAME, violations);
    if (metadata.has("namespace")) {
      name(metadata.get("namespace"), "metadata.namespace", LABEL, MAX_LABEL, violations);
    }
    texts(metadata.path("labels"), "metadata.labels", violations);
    texts(metadata.path("annotations"), "metadata.annotations", violations);
  }

  private static void name(
      JsonNode value, String path, Pattern form, int most, List<Violation> violations) {
    if (!value.isTextual()) {
      violations.add(new Violation(path, "Required value: write a name"));
    } else if (value.asText().length() > most || !form.matcher(value.asText()).matches()) {
      violations.add(
          new Violation(
              path,
              "Invalid value: \""
                  + value.asText()
                  + "\": use lower-case letters, digits and '-', at most "
                  + most
                  + " characters"));
    }
  }

  private static void texts(JsonNode map, String path, List<Violation> violations) {
    for (Map.Entry<String, JsonNode> entry : map.properties()) {
      if (!entry.getValue().isTextual()) {
        violations.add(
            new Violation(
                path + "." + entry.getKey(), "must be of type string: write it in quotes"));
      }
    }
  }
}
