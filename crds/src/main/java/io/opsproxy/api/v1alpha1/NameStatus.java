package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * One name of an exposed service.
 *
 * @param name The name.
 * @param state Served or Conflict.
 * @param owner NAMESPACE/NAME of the ExposedService that has it, when it is another one.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record NameStatus(
    @JsonPropertyDescription("The name.") @Required String name,
    @JsonPropertyDescription("Served or Conflict.") NameState state,
    @JsonPropertyDescription(
            "NAMESPACE/NAME of the ExposedService that has it, when it is another one.")
        String owner) {}
