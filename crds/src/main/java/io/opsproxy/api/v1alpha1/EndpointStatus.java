package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * Numbers of endpoints.
 *
 * @param healthy Endpoints that every pod calls healthy.
 * @param total All endpoints.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record EndpointStatus(
    @JsonPropertyDescription("Endpoints that every pod calls healthy.") Integer healthy,
    @JsonPropertyDescription("All endpoints.") Integer total) {}
