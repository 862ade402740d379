package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * A key of a ConfigMap in the namespace of the object.
 *
 * @param name Name of the ConfigMap.
 * @param key One of its keys.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConfigMapKeyReference(
    @JsonPropertyDescription("Name of the ConfigMap.")
        @Required
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Size(min = 1, max = 253)
        String name,
    @JsonPropertyDescription("One of its keys.")
        @Pattern("^[-._a-zA-Z0-9]+$")
        @Size(max = 253)
        @Default("ca.crt")
        String key) {
  public ConfigMapKeyReference {
    key = key == null ? "ca.crt" : key;
  }
}
