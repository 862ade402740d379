package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/**
 * Who a peer is to others.
 *
 * @param id Its id: what another place writes into mesh.trust and mesh.revoked.
 * @param certificateExpires When the certificate ends that the pods show; the earliest of them.
 * @param trustBundle Certificates of its authority (PEM), for mesh.trust of another cluster.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record MeshStatus(
    @JsonPropertyDescription("Its id: what another place writes into mesh.trust and mesh.revoked.")
        String id,
    @JsonPropertyDescription("When the certificate ends that the pods show; the earliest of them.")
        String certificateExpires,
    @JsonPropertyDescription(
            "Certificates of its authority (PEM), for mesh.trust of another cluster.")
        String trustBundle) {}
