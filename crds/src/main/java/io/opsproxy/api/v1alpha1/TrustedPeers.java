package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * Peers of another place: whose certificates are believed, and for what.
 *
 * @param name Names the entry in messages.
 * @param caBundle Certificates of authorities (PEM), such as status.mesh.trustBundle of a ProxyPeer
 *     there. They are public.
 * @param configMapRef The same in a ConfigMap of the namespace of the peer.
 * @param peers Ids of peers, exact or with one * at an end; all of these authorities by default.
 * @param names Names that they may own here, exact or *.example.com for all names below
 *     example.com; * for any.
 * @param transit Whether they may bring names that others own.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "has(self.caBundle) != has(self.configMapRef)",
    message = "an entry of trust has either caBundle or configMapRef")
public record TrustedPeers(
    @JsonPropertyDescription("Names the entry in messages.")
        @Required
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @Size(min = 1, max = 63)
        String name,
    @JsonPropertyDescription(
            "Certificates of authorities (PEM), such as status.mesh.trustBundle of a ProxyPeer there. They are public.")
        @Size(max = 65536)
        @Text(TextFormat.CERTIFICATES)
        String caBundle,
    @JsonPropertyDescription("The same in a ConfigMap of the namespace of the peer.")
        ConfigMapKeyReference configMapRef,
    @JsonPropertyDescription(
            "Ids of peers, exact or with one * at an end; all of these authorities by default.")
        @Size(max = 64)
        @Keyed
        List<@Size(max = 512) @Text(TextFormat.PEER_PATTERN) String> peers,
    @JsonPropertyDescription(
            "Names that they may own here, exact or *.example.com for all names below example.com; * for any.")
        @Required
        @Size(min = 1, max = 64)
        @Keyed
        List<@Size(max = 253) @Text(TextFormat.ALLOWED_NAME) String> names,
    @JsonPropertyDescription("Whether they may bring names that others own.") @Default("false")
        Boolean transit) {
  public TrustedPeers {
    peers = peers == null ? List.of() : List.copyOf(peers);
    names = names == null ? List.of() : List.copyOf(names);
    transit = transit != null && transit;
  }
}
