package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * The link to a remote peer.
 *
 * @param address Address that is dialled.
 * @param state Connected, Partial, Disconnected or Unknown.
 * @param since When the state began.
 * @param message Why it is not connected, as a pod says.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RemotePeerStatus(
    @JsonPropertyDescription("Address that is dialled.") @Required String address,
    @JsonPropertyDescription("Connected, Partial, Disconnected or Unknown.") LinkState state,
    @JsonPropertyDescription("When the state began.") String since,
    @JsonPropertyDescription("Why it is not connected, as a pod says.") String message) {}
