package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * Where something is reached.
 *
 * @param type Hostname or IPAddress.
 * @param value Host and port.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PeerAddress(
    @JsonPropertyDescription("Hostname or IPAddress.") AddressType type,
    @JsonPropertyDescription("Host and port.") @Required String value) {}
