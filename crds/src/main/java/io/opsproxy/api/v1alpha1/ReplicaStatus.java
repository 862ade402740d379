package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.model.annotation.StatusReplicas;

/**
 * Pods of a peer by how far they are.
 *
 * @param desired Pods that there should be.
 * @param current Pods that there are, for scaling.
 * @param ready Pods that the cluster calls ready.
 * @param programmed Pods that run the present configuration.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ReplicaStatus(
    @JsonPropertyDescription("Pods that there should be.") Integer desired,
    @JsonPropertyDescription("Pods that there are, for scaling.") @StatusReplicas Integer current,
    @JsonPropertyDescription("Pods that the cluster calls ready.") Integer ready,
    @JsonPropertyDescription("Pods that run the present configuration.") Integer programmed) {}
