package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * Numbers of ExposedServices.
 *
 * @param accepted Those of which at least one name is served.
 * @param rejected Those of which no name is served; their own status says why.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record AttachedServices(
    @JsonPropertyDescription("Those of which at least one name is served.") Integer accepted,
    @JsonPropertyDescription("Those of which no name is served; their own status says why.")
        Integer rejected) {}
