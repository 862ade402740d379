package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * A peer to keep a link to: an address, or a ProxyPeer of this cluster.
 *
 * @param address Host and port. All addresses of a host name are dialled.
 * @param peerRef A ProxyPeer of this cluster; every replica of it is dialled.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "has(self.address) != has(self.peerRef)",
    message = "a remote peer has either address or peerRef")
public record RemotePeer(
    @JsonPropertyDescription("Host and port. All addresses of a host name are dialled.")
        @Size(max = 261)
        @Text(TextFormat.HOST_PORT)
        String address,
    @JsonPropertyDescription("A ProxyPeer of this cluster; every replica of it is dialled.")
        PeerReference peerRef) {}
