package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/**
 * What is known of an exposed service.
 *
 * @param observedGeneration Generation of the object that this status is about.
 * @param conditions What is known of the object; Ready is the sum of all others.
 * @param peerRef The peer that serves it now.
 * @param names Its names.
 * @param addresses Where the names are reachable, as HOST:PORT.
 * @param endpoints Its endpoints, as the pods report them.
 */
@JsonClassDescription("What is known of the service. Written by the operator.")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ExposedServiceStatus(
    @JsonPropertyDescription("Generation of the object that this status is about.")
        Long observedGeneration,
    @JsonPropertyDescription("What is known of the object; Ready is the sum of all others.")
        @Keyed("type")
        List<Condition> conditions,
    @JsonPropertyDescription("The peer that serves it now.") PeerReference peerRef,
    @JsonPropertyDescription("Its names.") @Keyed("name") List<NameStatus> names,
    @JsonPropertyDescription("Where the names are reachable, as HOST:PORT.") @Keyed
        List<String> addresses,
    @JsonPropertyDescription("Its endpoints, as the pods report them.") EndpointStatus endpoints) {
  public ExposedServiceStatus {
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
    names = names == null ? List.of() : List.copyOf(names);
    addresses = addresses == null ? List.of() : List.copyOf(addresses);
  }
}
