package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.model.annotation.LabelSelector;
import java.util.List;

/**
 * What is known of a peer.
 *
 * @param observedGeneration Generation of the object that this status is about.
 * @param conditions What is known of the object; Ready is the sum of all others.
 * @param configHash SHA-256 of the configuration that the pods are to run, in hexadecimal.
 * @param selector Label selector of the pods, for scaling.
 * @param replicas Pods by how far they are.
 * @param addresses Where clients and other peers reach it.
 * @param remotePeers Links to other peers, as the pods report them.
 * @param mesh Who it is to other peers; not there without an identity.
 * @param services ExposedServices that name this peer.
 */
@JsonClassDescription("What is known of the peer. Written by the operator.")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ProxyPeerStatus(
    @JsonPropertyDescription("Generation of the object that this status is about.")
        Long observedGeneration,
    @JsonPropertyDescription("What is known of the object; Ready is the sum of all others.")
        @Keyed("type")
        List<Condition> conditions,
    @JsonPropertyDescription(
            "SHA-256 of the configuration that the pods are to run, in hexadecimal.")
        String configHash,
    @JsonPropertyDescription("Label selector of the pods, for scaling.") @LabelSelector
        String selector,
    @JsonPropertyDescription("Pods by how far they are.") ReplicaStatus replicas,
    @JsonPropertyDescription("Where clients and other peers reach it.") List<PeerAddress> addresses,
    @JsonPropertyDescription("Links to other peers, as the pods report them.") @Keyed("address")
        List<RemotePeerStatus> remotePeers,
    @JsonPropertyDescription("Who it is to other peers; not there without an identity.")
        MeshStatus mesh,
    @JsonPropertyDescription("ExposedServices that name this peer.") AttachedServices services) {
  public ProxyPeerStatus {
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
    addresses = addresses == null ? List.of() : List.copyOf(addresses);
    remotePeers = remotePeers == null ? List.of() : List.copyOf(remotePeers);
  }
}
